#include "cep/window_state.hpp"

#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

namespace weir::cep {

namespace {

using namespace std::chrono_literals;
using enum aggregate_function;

stream::timestamp at(stream::duration since_1970) { return stream::timestamp{since_1970}; }

window_shape over(stream::duration length) {
  window_shape shape;
  shape.window.extent = time_extent{length};
  shape.field_type = {.kind = value_kind::exact};
  shape.values = shape.sum = shape.min = shape.max = shape.distinct = true;
  return shape;
}

std::int64_t whole(const value& v) {
  REQUIRE(v.present);
  return static_cast<std::int64_t>(v.exact);
}

struct counted_window {
  window_shape shape;
  window_state state{};
  address_numbers addresses{};

  void add(stream::duration when, cell value) { state.add(shape, at(when), value, stream::no_event); }
  std::int64_t get(aggregate_function f) { return whole(state.result(f, shape, addresses)); }
};

}  // namespace

TEST_CASE("an event exactly as old as the window is in, an older one is not") {
  counted_window w{over(10s)};
  w.add(0s, 5);
  w.add(10s, 7);
  REQUIRE(w.get(count) == 2);
  w.state.advance(w.shape, at(10s + 1us));
  REQUIRE(w.get(count) == 1);
  REQUIRE(w.get(sum) == 7);
}

TEST_CASE("least and greatest follow what enters and leaves") {
  counted_window w{over(3s)};
  const std::vector<cell> values{4, 1, 3, 3, 9, 2, 2, 8, 7, 7};
  for (std::size_t i = 0; i < values.size(); ++i) {
    w.add(std::chrono::seconds{i}, values[i]);
    const auto oldest = values.begin() + static_cast<std::ptrdiff_t>(i < 3 ? 0 : i - 3);
    const auto end = values.begin() + static_cast<std::ptrdiff_t>(i + 1);
    REQUIRE(w.get(min) == *std::min_element(oldest, end));
    REQUIRE(w.get(max) == *std::max_element(oldest, end));
    REQUIRE(w.get(first) == *oldest);
    REQUIRE(w.get(last) == values[i]);
  }
}

TEST_CASE("distinct counts values, not events") {
  counted_window w{over(5s)};
  w.add(0s, 1);
  w.add(1s, 1);
  w.add(2s, 2);
  REQUIRE(w.get(distinct) == 2);
  w.state.advance(w.shape, at(6s + 500ms));
  REQUIRE(w.get(distinct) == 1);
}

TEST_CASE("a window of events keeps the last so many") {
  counted_window w{over(1s)};
  w.shape.window.extent = count_extent{3};
  for (cell i = 1; i <= 5; ++i) w.add(std::chrono::hours{i}, i);
  REQUIRE(w.get(count) == 3);
  REQUIRE(w.get(sum) == 3 + 4 + 5);
}

TEST_CASE("sums of doubles do not remember what has left the window") {
  counted_window w{over(1s)};
  w.shape.field_type = {.kind = value_kind::real};
  w.shape.sum = false;
  w.add(0s, std::bit_cast<cell>(1e300));
  w.add(5s, std::bit_cast<cell>(0.1));
  w.add(5s, std::bit_cast<cell>(0.2));
  REQUIRE(w.state.result(sum, w.shape, w.addresses).real == Approx(0.3).epsilon(1e-15));
}

TEST_CASE("the rank of a percentile is worked out in whole numbers") {
  counted_window w{over(1h)};
  for (cell i = 0; i <= 100; ++i) w.add(0s, 100 - i);
  for (int p = 0; p <= 100; ++p) {
    const value found = w.state.result({percentile, p / 100.0}, w.shape, w.addresses);
    REQUIRE(found.real == p);
  }
}

TEST_CASE("squares are summed exactly, and leave the window again") {
  counted_window w{over(2s)};
  w.shape.keep_for(stddev);
  const cell large = std::numeric_limits<cell>::min();
  for (int i = 0; i < 100; ++i) w.add(0s, i % 2 == 0 ? large : 0);
  const double spread = -static_cast<double>(large) / 2 * std::sqrt(100.0 / 99.0);
  CHECK(w.state.result(stddev, w.shape, w.addresses).real == Approx(spread).epsilon(1e-15));
  w.add(3s, 1);
  w.add(3s, 3);
  CHECK(w.state.result(stddev, w.shape, w.addresses).real == std::sqrt(2.0));
}

TEST_CASE("a window that ends in the past reaches its events later") {
  counted_window w{over(1s)};
  w.shape.window.extent = past_extent{10s, 5s};
  CHECK(w.shape.horizon() == 15s);
  w.add(0s, 4);
  w.add(1s, 2);
  REQUIRE(w.get(count) == 0);
  CHECK(w.get(sum) == 0);
  w.state.advance(w.shape, at(6s));
  CHECK(w.get(count) == 1);  // [−9s, 1s)
  CHECK(w.get(max) == 4);
  w.state.advance(w.shape, at(15s + 1us));
  CHECK(w.get(first) == 2);
  CHECK(w.get(distinct) == 1);
  w.state.advance(w.shape, at(17s));
  CHECK(w.state.empty());
}

TEST_CASE("a session begins anew after a gap") {
  counted_window w{over(1s)};
  w.shape.window.extent = session_extent{10s};
  w.add(0s, 4);
  w.add(10s, 2);
  CHECK(w.get(sum) == 6);
  CHECK(w.get(min) == 2);
  w.add(20s + 1us, 5);
  CHECK(w.get(count) == 1);
  CHECK(w.get(max) == 5);
  w.state.advance(w.shape, at(31s));
  CHECK(w.state.empty());
  CHECK(w.get(distinct) == 0);
}

TEST_CASE("the latest event is kept though it lacks the field") {
  counted_window w{};
  w.shape.window = {.extent = count_extent{1}, .prior = true};
  w.shape.field = stream::field_id{0};
  w.shape.field_type = {.kind = value_kind::exact};
  w.shape.keep_for(previous);
  w.add(0s, 4);
  CHECK(w.get(previous) == 4);
  w.state.add(w.shape, at(1s), 0, stream::no_event, false);
  CHECK_FALSE(w.state.result(previous, w.shape, w.addresses).present);
  w.add(2s, 5);
  CHECK(w.get(previous) == 5);
}

TEST_CASE("an empty window sums to nothing and has no average") {
  counted_window w{over(1s)};
  REQUIRE(w.get(count) == 0);
  REQUIRE(w.get(sum) == 0);
  REQUIRE_FALSE(w.state.result(avg, w.shape, w.addresses).present);
  REQUIRE_FALSE(w.state.result(min, w.shape, w.addresses).present);
}

TEST_CASE("addresses keep their numbers") {
  address_numbers numbers;
  const auto a = *stream::parse_ip("10.0.0.1");
  const auto b = *stream::parse_ip("2001:db8::1");
  REQUIRE(numbers.number(a) == numbers.number(*stream::parse_ip("::ffff:10.0.0.1")));
  REQUIRE(numbers.number(a) != numbers.number(b));
  REQUIRE(numbers[numbers.number(b)] == b);
}

}  // namespace weir::cep
