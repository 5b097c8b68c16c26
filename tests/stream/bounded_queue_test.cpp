#include "stream/bounded_queue.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <memory>
#include <thread>

using namespace weir::stream;
using namespace std::chrono_literals;

namespace {

constexpr source_id first{0};
constexpr source_id second{1};

/// Waits until `holds`; false if it takes far too long.
template <class Condition>
bool soon(Condition holds) {
  for (int i = 0; i < 2000; ++i) {
    if (holds()) return true;
    std::this_thread::sleep_for(1ms);
  }
  return false;
}

}  // namespace

TEST_CASE("entries come out as they went in") {
  bounded_queue<int> queue(2, 100);
  const std::stop_source stop;
  CHECK(queue.push(first, 1, 10, stop.get_token()));
  CHECK(queue.push(second, 2, 10, stop.get_token()));
  CHECK(queue.push(first, 3, 10, stop.get_token()));
  CHECK(queue.used(first) == 20);
  CHECK(queue.take(0us) == 1);
  CHECK(queue.take(0us) == 2);
  CHECK(queue.take(0us) == 3);
  CHECK(queue.used(first) == 0);
}

TEST_CASE("taking waits only so long") {
  bounded_queue<int> queue(1, 100);
  const auto begin = std::chrono::steady_clock::now();
  CHECK_FALSE(queue.take(20ms).has_value());
  CHECK(std::chrono::steady_clock::now() - begin >= 20ms);
}

TEST_CASE("a source with no room waits while another one goes on") {
  bounded_queue<int> queue(2, 100);
  const std::stop_source stop;
  std::atomic<bool> pushed = false;
  REQUIRE(queue.push(first, 1, 60, stop.get_token()));
  std::jthread writer([&] {
    queue.push(first, 2, 60, stop.get_token());
    pushed = true;
  });
  CHECK(queue.push(second, 3, 60, stop.get_token()));
  std::this_thread::sleep_for(20ms);
  CHECK_FALSE(pushed);
  CHECK(queue.take(0us) == 1);
  CHECK(soon([&] { return pushed.load(); }));
  CHECK(queue.take(0us) == 3);
  CHECK(queue.take(1s) == 2);
}

TEST_CASE("what the consumer still holds counts against the share") {
  bounded_queue<int> queue(1, 100);
  const std::stop_source stop;
  std::atomic<bool> pushed = false;
  REQUIRE(queue.push(first, 1, 80, stop.get_token()));
  queue.hold(first, 80);
  CHECK(queue.take(0us) == 1);
  std::jthread writer([&] {
    queue.push(first, 2, 80, stop.get_token());
    pushed = true;
  });
  std::this_thread::sleep_for(20ms);
  CHECK_FALSE(pushed);
  queue.hold(first, 10);
  CHECK(soon([&] { return pushed.load(); }));
}

TEST_CASE("an entry larger than a share goes in alone, one without bytes at any time") {
  bounded_queue<int> queue(1, 100);
  const std::stop_source stop;
  CHECK(queue.push(first, 1, 1000, stop.get_token()));
  CHECK(queue.push(first, 2, 0, stop.get_token()));
  CHECK(queue.take(0us) == 1);
  CHECK(queue.take(0us) == 2);
}

TEST_CASE("a stop frees the one who waits for room") {
  bounded_queue<int> queue(1, 100);
  std::stop_source stop;
  REQUIRE(queue.push(first, 1, 100, stop.get_token()));
  std::atomic<int> result = -1;
  std::jthread writer([&] { result = queue.push(first, 2, 100, stop.get_token()) ? 1 : 0; });
  std::this_thread::sleep_for(5ms);
  stop.request_stop();
  CHECK(soon([&] { return result == 0; }));
  CHECK(queue.take(0us) == 1);
  CHECK_FALSE(queue.take(0us).has_value());
}

TEST_CASE("entries need only be movable") {
  bounded_queue<std::unique_ptr<int>> queue(1, 100);
  const std::stop_source stop;
  REQUIRE(queue.push(first, std::make_unique<int>(7), 1, stop.get_token()));
  CHECK(**queue.take(0us) == 7);
}
