#include "cep/block_pool.hpp"

#include <deque>
#include <random>

#include <catch2/catch.hpp>

namespace weir::cep {

TEST_CASE("packed queues in one pool hold what queues of their own would") {
  std::mt19937 random(7);
  block_pool pool;
  std::vector<packed_queue<2>> packed(20);
  std::vector<std::deque<std::uint64_t>> plain(20);
  for (std::uint64_t step = 0; step < 50'000; ++step) {
    const std::size_t i = random() % packed.size();
    if (random() % 5 < 3) {
      auto* const entry = packed[i].push_back(pool);
      entry[0] = step;
      entry[1] = ~step;
      plain[i].push_back(step);
    } else if (!plain[i].empty()) {
      packed[i].pop_front();
      plain[i].pop_front();
    } else {
      packed[i].release(pool);
    }
    REQUIRE(packed[i].size == plain[i].size());
    if (plain[i].empty()) continue;
    const std::size_t at = random() % plain[i].size();
    REQUIRE(packed[i](pool, at)[0] == plain[i][at]);
    REQUIRE(packed[i](pool, at)[1] == ~plain[i][at]);
  }
}

TEST_CASE("blocks that are given back are handed out again") {
  block_pool pool;
  packed_queue<1> queue{};
  for (int round = 0; round < 100; ++round) {
    for (std::uint64_t i = 0; i < 10'000; ++i) *queue.push_back(pool) = i;
    while (queue.size != 0) queue.pop_front();
    queue.release(pool);
    REQUIRE(queue.capacity == 0);
  }
  REQUIRE(pool.bytes() < std::size_t{1} << 20);  // no more than one round takes, and what it outgrows
}

TEST_CASE("a queue may grow beyond a segment of the pool") {
  block_pool pool;
  packed_queue<4> queue{};
  constexpr std::uint64_t events = 400'000;
  for (std::uint64_t i = 0; i < events; ++i) queue.push_back(pool)[0] = i;
  for (std::uint64_t i = 0; i < events; i += 1'000) REQUIRE(queue(pool, i)[0] == i);
}

TEST_CASE("the memory of a burst goes back, and what is in use stays") {
  block_pool pool;
  std::vector<packed_queue<2>> queues(100'000);
  const auto fill = [&](std::size_t queue) {
    for (std::uint64_t i = 0; i < 20; ++i) queues[queue].push_back(pool)[0] = queue * 100 + i;
  };
  fill(0);
  pool.trim();
  const std::size_t level = pool.bytes();
  for (std::size_t queue = 1; queue < queues.size(); ++queue) fill(queue);
  REQUIRE(pool.bytes() > 100 * level);
  pool.trim();
  for (std::size_t queue = 0; queue < queues.size(); ++queue) {
    REQUIRE(queues[queue](pool, 19)[0] == queue * 100 + 19);
  }
  for (std::size_t queue = 1; queue < queues.size(); ++queue) queues[queue].release(pool);
  pool.trim();  // until now they were needed
  CHECK(pool.bytes() > 100 * level);
  pool.trim();
  CHECK(pool.bytes() <= 2 * level);
  CHECK(queues[0](pool, 7)[0] == 7);

  // Numbers of segments that were given back are used again.
  for (std::size_t queue = 1; queue < queues.size(); ++queue) fill(queue);
  for (std::size_t queue = 0; queue < queues.size(); ++queue) {
    REQUIRE(queues[queue](pool, 3)[0] == queue * 100 + 3);
  }
  for (packed_queue<2>& queue : queues) queue.release(pool);
  pool.trim();
  pool.trim();
  CHECK(pool.bytes() == 0);
}

TEST_CASE("memory that is needed between two calls stays") {
  block_pool pool;
  std::vector<packed_queue<2>> queues(100'000);
  for (int round = 0; round < 5; ++round) {
    for (packed_queue<2>& queue : queues) queue.push_back(pool);
    const std::size_t level = pool.bytes();
    for (packed_queue<2>& queue : queues) queue.release(pool);
    pool.trim();
    CHECK(pool.bytes() == level);
  }
}

TEST_CASE("what is in use in every segment holds a burst's memory, until it goes") {
  block_pool pool;
  std::vector<packed_queue<2>> queues(100'000);
  for (packed_queue<2>& queue : queues) queue.push_back(pool);
  const std::size_t most = pool.bytes();
  for (std::size_t i = 0; i < queues.size(); ++i) {
    if (i % 1'000 != 0) queues[i].release(pool);
  }
  pool.trim();
  pool.trim();
  CHECK(pool.bytes() == most);
  for (packed_queue<2>& queue : queues) queue.release(pool);
  pool.trim();
  pool.trim();
  CHECK(pool.bytes() == 0);
}

}  // namespace weir::cep
