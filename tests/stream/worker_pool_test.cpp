#include "stream/worker_pool.hpp"

#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <vector>

#include <catch2/catch.hpp>

namespace weir::stream {

TEST_CASE("every task is done once, and what it did is seen when run returns") {
  for (const std::size_t threads : {1U, 2U, 3U, 8U}) {
    worker_pool pool(threads);
    REQUIRE(pool.threads() == threads);
    for (std::size_t count = 0; count <= worker_pool::tasks_max; ++count) {
      std::vector<int> done(count);
      pool.run(count, [&](std::size_t task) { ++done[task]; });
      REQUIRE(done == std::vector<int>(count, 1));
    }
  }
}

TEST_CASE("one run after the other, with nothing between them or long enough to fall asleep") {
  worker_pool pool(3);
  std::vector<std::uint64_t> sums(4);
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    if (i % 1'000 == 0) std::this_thread::sleep_for(std::chrono::milliseconds{1});
    pool.run(sums.size(), [&](std::size_t task) { sums[task] += i; });
  }
  REQUIRE(sums == std::vector<std::uint64_t>(4, 19'999ULL * 20'000 / 2));
}

TEST_CASE("tasks are done side by side") {
  worker_pool pool(2);
  std::atomic<int> begun = 0;
  pool.run(2, [&](std::size_t) {
    ++begun;
    while (begun < 2) std::this_thread::yield();  // would not end one after the other
  });
  REQUIRE(begun == 2);
}

TEST_CASE("what was begun goes on beside the tasks, one after the other") {
  constexpr std::uint64_t times = 2'000;
  for (const std::size_t threads : {2U, 3U, 8U}) {
    std::atomic<std::uint64_t> released = 0;
    std::uint64_t begun = 0;  // by one thread at a time, each of which sees what the one before did
    const auto begin_and_wait = [&] {
      ++begun;
      while (released < begun) std::this_thread::yield();
    };
    const auto nothing = [] {};
    worker_pool pool(threads);
    std::vector<std::uint64_t> sums(4);
    for (std::uint64_t i = 1; i <= times; ++i) {
      pool.begin(begin_and_wait);
      pool.run(sums.size(), [&](std::size_t task) { sums[task] += i; });  // would not end if it waited for that
      released = i;
    }
    pool.begin(nothing);  // waits for the one before
    REQUIRE(begun == times);
    REQUIRE(sums == std::vector<std::uint64_t>(4, times * (times + 1) / 2));
  }
}

TEST_CASE("a pool of one thread is the caller") {
  worker_pool pool(1);
  std::set<std::thread::id> by;
  pool.run(5, [&](std::size_t) { by.insert(std::this_thread::get_id()); });
  REQUIRE(by == std::set{std::this_thread::get_id()});
}

}  // namespace weir::stream
