#include "cep/window_queue.hpp"

#include <deque>
#include <limits>
#include <random>
#include <utility>

#include <catch2/catch.hpp>

namespace weir::cep {

TEST_CASE("a unit of time is the finest that 32 bits count a span in") {
  constexpr std::int64_t hour = 3'600'000'000;
  STATIC_REQUIRE(time_unit::for_span(0).microseconds() == 1);
  STATIC_REQUIRE(time_unit::for_span(hour).microseconds() == 1);
  STATIC_REQUIRE(time_unit::for_span(0xFFFFFFFE).microseconds() == 1);
  STATIC_REQUIRE(time_unit::for_span(0xFFFFFFFF).microseconds() == 1000);
  STATIC_REQUIRE(time_unit::for_span(49 * 24 * hour).microseconds() == 1000);
  STATIC_REQUIRE(time_unit::for_span(50 * 24 * hour).microseconds() == 1'000'000);
  STATIC_REQUIRE(time_unit::for_span(std::numeric_limits<std::int64_t>::max()).microseconds() == 0);
}

TEST_CASE("a unit counts times that are whole, before 1970 too, and no others") {
  for (const std::int64_t us : {1, 1000, 1'000'000}) {
    const time_unit unit(us);
    std::mt19937_64 draw(static_cast<std::uint64_t>(us));
    for (int i = 0; i < 10'000; ++i) {
      const auto any = static_cast<std::int64_t>(draw()) >> (draw() % 64);
      const std::int64_t whole = any / us * us;
      std::uint32_t count = 0;
      CAPTURE(us, any, whole);
      REQUIRE(unit.count(any, count) == (any == whole));
      REQUIRE(unit.count(whole, count));
      REQUIRE(count == static_cast<std::uint32_t>(whole / us));
      REQUIRE(count == unit.count_passed(whole));
    }
  }
  std::uint32_t count = 0;
  CHECK_FALSE(time_unit().count(0, count));
}

namespace {

/// A queue beside a plain one, of events that span less than 2^32 units.
struct twins {
  time_unit unit;
  block_pool pool;
  window_queue queue{};
  std::deque<std::pair<std::int64_t, std::int64_t>> plain;

  explicit twins(std::int64_t microseconds) : unit(microseconds) {}

  void push(std::int64_t time, std::int64_t value) {
    const auto span = static_cast<std::int64_t>(0xFFFFFFFE) * unit.microseconds();
    while (!plain.empty() && time - plain.front().first > span) pop();
    queue.push_back(pool, unit, time, value);
    plain.emplace_back(time, value);
  }
  void pop() {
    queue.pop_front(1);
    plain.pop_front();
  }
  bool equal() const {
    if (queue.size != plain.size()) return false;
    if (plain.empty()) return true;
    return queue.in_cells(pool, unit, [&](const auto& cells) {
      for (std::uint32_t i = 0; i < queue.size; ++i) {
        if (queue.value(pool, i) != plain[i].second || cells.value(i) != plain[i].second) return false;
        if (cells.later(i, 0) != plain[i].first - plain[0].first) return false;
        if (cells.later(queue.size - 1, i) != plain.back().first - plain[i].first) return false;
      }
      return true;
    });
  }
};

}  // namespace

TEST_CASE("an event takes eight bytes until one needs more") {
  twins both(1000);
  for (std::int64_t i = 0; i < 8; ++i) both.push(i * 1000, -i);
  const std::size_t narrow = both.pool.bytes();
  CHECK(both.queue.wide == 0);
  CHECK(both.queue.words_log2 == 3);
  SECTION("a time that is no whole unit") { both.push(7001, 1); }
  SECTION("a value beyond 32 bits") { both.push(8000, std::int64_t{1} << 31); }
  CHECK(both.queue.wide == 1);
  CHECK(both.equal());
  while (!both.plain.empty()) both.pop();
  both.push(9000, 5);
  CHECK(both.queue.wide == 0);
  CHECK(both.equal());
  both.queue.release(both.pool);
  both.pool.trim();
  both.pool.trim();
  CHECK(both.pool.bytes() <= narrow);
}

TEST_CASE("a queue of window events holds what was pushed") {
  std::mt19937_64 draw(42);
  for (int round = 0; round < 300; ++round) {
    static constexpr std::int64_t units[] = {1, 1000, 1'000'000};
    twins both(units[draw() % 3]);
    const std::uint64_t odd_every = 1 + draw() % 300;
    std::int64_t time = static_cast<std::int64_t>(draw()) >> (10 + draw() % 40);
    for (int i = 0; i < 200; ++i) {
      time += both.unit.microseconds() * static_cast<std::int64_t>(draw() % (std::uint64_t{1} << (draw() % 33)));
      if (draw() % odd_every == 0) time += 1;
      if (draw() % odd_every != 0) time -= both.unit.remainder(time);
      if (!both.plain.empty() && time < both.plain.back().first) time = both.plain.back().first;
      both.push(time, static_cast<std::int64_t>(draw()) >> (draw() % odd_every == 0 ? 20 : 40));
      for (std::uint64_t gone = draw() % 3; gone > 0 && !both.plain.empty(); --gone) both.pop();
      if (draw() % 50 == 0) both.queue.pop_front(0);
      REQUIRE(both.equal());
    }
  }
}

}  // namespace weir::cep
