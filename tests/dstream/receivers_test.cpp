// Receivers in a context: what they put, how they are slowed down, and how they are called again.
#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "stream/dstream/streaming_context.hpp"
#include "tests/dstream/batch_watch.hpp"
#include "tests/dstream/function_receiver.hpp"
#include "tests/support/dstream_run.hpp"

namespace weir::testing {

namespace {

using namespace std::chrono_literals;
using stream::batch_pace;
using stream::batch_rows;
using stream::io_error;
using stream::receiver_store;
using stream::streaming_context;
using clock_type = std::chrono::steady_clock;

std::vector<int> numbers(int from, int to) {
  std::vector<int> all(static_cast<std::size_t>(to - from));
  std::iota(all.begin(), all.end(), from);
  return all;
}

constexpr std::size_t row_bytes = 10;

/// Puts so many numbers as fast as it can, 100 at a time.
function_receiver<int> fast_receiver(int count, std::atomic<int>& put) {
  return {[count, &put](receiver_store<int>& into, const std::stop_token&) -> std::expected<void, io_error> {
    for (int at = 0; at < count; at += 100) {
      if (!into.put({.rows = numbers(at, at + 100), .bytes = 100 * row_bytes})) return {};
      put = at + 100;
    }
    return {};
  }};
}

/// What a fast receiver and a slow output did together.
struct slow_run {
  std::vector<int> given;
  int waiting_max = 0;  // rows that were put and not yet given
  std::size_t batch_max = 0;
  std::optional<double> bound;  // rows a second, learnt
  bool was_ended = false;
};

constexpr auto row_cost = 20us;  // at least: 50,000 rows a second at the most

slow_run run_slowly(bool back_pressure) {
  slow_run run;
  std::atomic<int> put = 0;
  batch_watch watch;
  streaming_context app(
      {.batch_interval = 10ms, .back_pressure = back_pressure, .receiver_bytes_max = 3'000 * row_bytes});
  watch.follow(app);
  app.receiver_stream(fast_receiver(20'000, put)).for_each_batch([&](const batch_rows<int>& rows) {
    run.batch_max = std::max(run.batch_max, rows.size());
    run.waiting_max = std::max(run.waiting_max, put.load() - static_cast<int>(run.given.size()));
    run.given.insert(run.given.end(), rows.begin(), rows.end());
    std::this_thread::sleep_for(row_cost * rows.size());
  });
  app.start();
  run.was_ended = app.await_termination().has_value();
  run.bound = watch.all().back().inputs.at(0).rows_a_second_max;
  return run;
}

}  // namespace

TEST_CASE("a receiver that is faster than the output waits, and nothing is lost") {
  for (const bool back_pressure : {true, false}) {
    const auto run = run_slowly(back_pressure);
    CHECK(run.was_ended);
    CHECK(run.given == numbers(0, 20'000));
    // What waits in the store, and what the batch at hand has taken from it.
    CHECK(run.waiting_max <= 6'000 + 100);
    CHECK(run.batch_max <= 3'000 + 100);
    CHECK(run.bound.has_value() == back_pressure);
    // No faster than the output can be; a machine that is busy makes it slower still.
    if (run.bound) CHECK(*run.bound <= 1.05 * (1s / row_cost));
    if (run.bound) CHECK(*run.bound >= 100);
  }
}

TEST_CASE("a receiver that fails is called again after pauses that grow, and from the first once it has worked") {
  std::vector<clock_type::time_point> called;
  function_receiver<int> receiver{
      [&](receiver_store<int>& into, const std::stop_token&) -> std::expected<void, io_error> {
        called.push_back(clock_type::now());
        const auto calls = called.size();
        if (calls == 6) into.connected();
        if (calls == 6) into.put({.rows = {6}});
        if (calls < 8) return std::unexpected(io_error{"refused"});
        into.put({.rows = {8}});
        return {};
      }};
  streaming_context app({.pace = batch_pace::when_ready});
  using source = stream::received_source<function_receiver<int>>;
  const auto given = collect(app.source_stream(source(receiver, {.pause_min = 4ms, .pause_max = 16ms})));
  run_to_end(app);
  REQUIRE(called.size() == 8);
  const std::vector<std::chrono::milliseconds> pauses{4ms, 8ms, 16ms, 16ms, 16ms, 4ms, 8ms};
  for (std::size_t i = 0; i < pauses.size(); ++i) CHECK(called[i + 1] - called[i] >= pauses[i]);
  std::vector<int> rows;
  for (const auto& [number, batch] : *given) rows.insert(rows.end(), batch.begin(), batch.end());
  CHECK(rows == std::vector{6, 8});
}

TEST_CASE("a stop wakes a receiver that waits for room, and one that pauses") {
  std::atomic<bool> was_taken = true;
  std::atomic<int> put = 0;
  function_receiver<int> endless{
      [&](receiver_store<int>& into, const std::stop_token&) -> std::expected<void, io_error> {
        while (into.put({.rows = {put}, .bytes = row_bytes})) ++put;
        was_taken = false;
        return {};
      }};
  function_receiver<int> refused{[&](receiver_store<int>&, const std::stop_token&) -> std::expected<void, io_error> {
    return std::unexpected(io_error{"refused"});
  }};
  auto clock = std::make_shared<stream::manual_clock>();
  streaming_context app({.batch_interval = 1s, .receiver_bytes_max = 5 * row_bytes, .clock = clock});
  const auto given = collect(app.receiver_stream(endless).union_with(app.receiver_stream(refused)));
  app.start();
  while (put < 5) std::this_thread::sleep_for(1ms);
  app.stop(streaming_context::stop_mode::graceful);
  CHECK(app.await_termination().has_value());
  CHECK_FALSE(was_taken);
  CHECK(*given == std::vector<batch_output<int>>{{0, numbers(0, 5)}});  // what was put is worked on
}

TEST_CASE("a stop at once leaves what a receiver has put") {
  std::atomic<bool> is_there = false;
  function_receiver<int> receiver{
      [&](receiver_store<int>& into, const std::stop_token& stop) -> std::expected<void, io_error> {
        into.put({.rows = {1, 2}});
        is_there = true;
        while (!stop.stop_requested()) std::this_thread::sleep_for(1ms);
        return {};
      }};
  auto clock = std::make_shared<stream::manual_clock>();
  streaming_context app({.batch_interval = 1s, .clock = clock});
  const auto given = collect(app.receiver_stream(receiver));
  app.start();
  while (!is_there) std::this_thread::sleep_for(1ms);
  app.stop(streaming_context::stop_mode::at_once);
  CHECK(app.await_termination().has_value());
  CHECK(given->empty());
}

}  // namespace weir::testing
