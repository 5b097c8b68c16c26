#include "stream/dstream/streaming_context.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "tests/dstream/batch_watch.hpp"
#include "tests/stream/temporary_folder.hpp"
#include "tests/support/dstream_run.hpp"

namespace weir::testing {

namespace {

using namespace std::chrono_literals;
using stream::batch_pace;
using stream::batch_rows;
using stream::row_queue;
using stream::streaming_context;
using stop_mode = streaming_context::stop_mode;

std::string error_of(streaming_context& app) {
  app.start();
  const auto ended = app.await_termination();
  return ended ? "" : ended.error().message;
}

/// What building a program throws.
template <class Build>
std::string refusal(const Build& build) {
  try {
    build();
  } catch (const std::invalid_argument& refused) {
    return refused.what();
  }
  return "";
}

struct clocked {
  std::shared_ptr<stream::manual_clock> clock = std::make_shared<stream::manual_clock>();
  batch_watch watch;
  streaming_context app{{.batch_interval = 1s, .clock = clock}};
  std::size_t batches = 0;

  clocked() { watch.follow(app); }

  /// Lets a batch's time come, and waits until it is done.
  void next_batch() {
    clock->advance(1s);
    watch.wait_for(++batches);
  }
};

}  // namespace

TEST_CASE("a program without a source, or without an output, says so") {
  streaming_context nothing;
  CHECK(error_of(nothing) == "the program has no source");
  streaming_context idle;
  static_cast<void>(idle.queue_stream(std::make_shared<row_queue<int>>()).count());
  CHECK(error_of(idle) == "the program has no output: nothing would be done");
}

TEST_CASE("options and windows that make no sense are refused when the program is built") {
  CHECK(refusal([] { streaming_context({.batch_interval = 0s}); }) == "a batch interval is more than zero");
  CHECK(refusal([] { streaming_context({.threads = 0}); }) == "there must be one thread at least");
  CHECK(refusal([] { streaming_context({.partitions = 0}); }) == "there must be one partition at least");

  streaming_context app({.batch_interval = 2s});
  const auto rows = app.queue_stream(std::make_shared<row_queue<int>>());
  CHECK(refusal([&] { static_cast<void>(rows.window(3s)); }) ==
        "window: 3s is not a multiple of its input's slide, 2s");
  CHECK(refusal([&] { static_cast<void>(rows.window(4s, 1s)); }) ==
        "window: 1s is not a multiple of its input's slide, 2s");
  CHECK(refusal([&] { static_cast<void>(rows.window(-2s)); }) ==
        "window: -2s is not a multiple of its input's slide, 2s");
  CHECK(refusal([&] { static_cast<void>(rows.union_with(rows.window(4s, 4s))); }) ==
        "union_with: one stream has rows every 2s, the other every 4s");
  CHECK(refusal([&] { static_cast<void>(rows.repartition(0)); }) == "repartition: there must be one part at least");

  const auto pairs = rows.map([](int value) { return std::pair(value, value); });
  const auto same = [](int, std::optional<int> value, stream::state_cell<int>&) { return value; };
  CHECK(refusal([&] { static_cast<void>(pairs.map_with_state<int>(same, {.timeout = 0s})); }) ==
        "map_with_state: a time-out is more than zero");
  const auto time_of = [](int, int value) { return stream::timestamp{std::chrono::seconds(value)}; };
  CHECK(refusal([&] { static_cast<void>(pairs.map_with_state<int>(same, {}, stream::by_event_time{time_of, -1s})); }) ==
        "map_with_state: the lateness is less than zero");
}

TEST_CASE("a function that throws ends the program with the batch and the operator") {
  const auto failing = [](int a, int b) {
    if (b == 13) throw std::runtime_error("13 is no number");
    return a + b;
  };
  for (const std::size_t threads : {1u, 3u}) {
    streaming_context app({.batch_interval = 1s, .pace = batch_pace::when_ready, .threads = threads});
    const auto rows = app.queue_stream(queue_of<std::vector<int>>({{1, 2}, {3, 13}, {4}}));
    rows.map([](int value) { return std::pair(0, value); }).reduce_by_key(failing).for_each_batch([](const auto&) {});
    CHECK(error_of(app) == "batch 1 of 1970-01-01T00:00:02Z: reduce_by_key: 13 is no number");
  }
  streaming_context app({.batch_interval = 1s, .pace = batch_pace::when_ready});
  app.queue_stream(queue_of<std::vector<int>>({{1}})).for_each_batch([](const auto&) {
    throw std::runtime_error("the disk is full");
  });
  CHECK(error_of(app) == "batch 0 of 1970-01-01T00:00:01Z: for_each_batch: the disk is full");
}

TEST_CASE("what a state's function may not do is said with the batch and the operator") {
  const auto error = [](auto f) {
    streaming_context app({.batch_interval = 1s, .pace = batch_pace::when_ready});
    const auto rows = app.queue_stream(queue_of<std::vector<std::pair<int, int>>>({{{1, 1}}, {}}));
    rows.map_with_state<int>(f, {.timeout = 1s}).for_each_batch([](const auto&) {});
    return error_of(app);
  };
  using cell = stream::state_cell<int>;
  CHECK(error([](int, const int*, cell& state) { return state.get(); }) ==
        "batch 0 of 1970-01-01T00:00:01Z: map_with_state: get: the key has no state");
  CHECK(error([](int, const int*, cell& state) {
          state.remove();
          state.update(1);
          return 0;
        }) == "batch 0 of 1970-01-01T00:00:01Z: map_with_state: update: the state has been removed");
  CHECK(error([](int, const int*, cell& state) {
          state.update(1);
          return 0;
        }) == "batch 1 of 1970-01-01T00:00:02Z: map_with_state: update: the key is timing out");
}

TEST_CASE("progress is a line of JSON") {
  clocked run;
  auto queue = std::make_shared<row_queue<std::pair<int, int>>>();
  run.app.queue_stream(queue)
      .reduce_by_key(std::plus<>{})
      .update_state_by_key<int>([](auto values, auto before) {
        return std::optional<int>(before.value_or(0) + static_cast<int>(values.size()));
      })
      .for_each_batch([](const auto&) {});
  queue->push({{1, 2}, {1, 3}, {2, 5}});
  run.app.start();
  run.next_batch();
  run.clock->advance(250ms);
  auto first = run.watch.all().at(0);
  CHECK(first.state_bytes > 0);
  first.state_bytes = 64;  // what it is hangs on the standard library
  CHECK(to_json(first) ==
        R"({"batch":0,"time":"1970-01-01T00:00:01Z","rows":3,"input_rows_a_second":3.0,"processed_rows_a_second":0.0,)"
        R"("scheduling_delay_ms":0.0,"processing_ms":0.0,"late_rows":0,"state_rows":2,"state_bytes":64,)"
        R"("inputs":[{"name":"queue","rows":3,"bytes":0,"set_aside":0}]})");
}

TEST_CASE("progress tells how late a batch begins, what it costs, and where event time is") {
  clocked run;
  auto queue = std::make_shared<row_queue<std::pair<int, int>>>();
  const auto time_of = [](int, int value) { return stream::timestamp{std::chrono::seconds(value)}; };
  run.app.queue_stream(queue)
      .map_with_state<int>([](int, std::optional<int> value, stream::state_cell<int>&) { return value; }, {},
                           stream::by_event_time{time_of, 2s})
      .for_each_batch([&](const auto& rows) {
        if (!rows.empty()) run.clock->advance(1500ms);
      });
  queue->push({{1, 30}, {1, 27}});
  run.app.start();
  run.next_batch();
  run.watch.wait_for(2);  // its time had come while the first was worked on
  const auto all = run.watch.all();
  CHECK(all[0].processing_time == 1500ms);
  CHECK(all[0].processed_rows_a_second == Approx(2 / 1.5));
  CHECK(all[0].watermark == stream::timestamp{28s});
  CHECK(all[0].late_rows == 1);
  CHECK(all[1].time == stream::timestamp{2s});
  CHECK(all[1].scheduling_delay == 500ms);
}

TEST_CASE("a clock gives a batch for each interval, and windows slide on without rows") {
  clocked run;
  auto queue = std::make_shared<row_queue<int>>();
  const auto given = collect(run.app.queue_stream(queue).window(2s));
  queue->push({7, 8});
  run.app.start();
  for (int i = 0; i < 4; ++i) run.next_batch();
  queue->push({9});
  run.next_batch();
  run.app.stop(stop_mode::at_once);
  CHECK(run.app.await_termination().has_value());
  CHECK(*given == std::vector<batch_output<int>>{{0, {7, 8}}, {1, {7, 8}}, {2, {}}, {3, {}}, {4, {9}}});
}

TEST_CASE("a stop lets what waits be worked on, or ends after the batch at hand") {
  for (const auto mode : {stop_mode::graceful, stop_mode::at_once}) {
    clocked run;
    auto queue = std::make_shared<row_queue<int>>();
    const auto given = collect(run.app.queue_stream(queue));
    queue->push({1});
    run.app.start();
    run.next_batch();
    queue->push({2});
    queue->push({3});
    run.app.stop(mode);
    REQUIRE(run.app.await_termination().has_value());
    if (mode == stop_mode::graceful) {
      CHECK(*given == std::vector<batch_output<int>>{{0, {1}}, {1, {2}}, {2, {3}}});
    } else {
      CHECK(*given == std::vector<batch_output<int>>{{0, {1}}});
    }
  }
}

TEST_CASE("waiting for the end may be given up, and a context may go while it runs") {
  clocked run;
  auto queue = std::make_shared<row_queue<int>>();
  run.app.queue_stream(queue).for_each_batch([](const auto&) {});
  run.app.start();
  CHECK_FALSE(run.app.await_termination(1ms).has_value());
  CHECK_THROWS_AS(run.app.start(), std::logic_error);
  queue->close();
  run.next_batch();
  const auto ended = run.app.await_termination(1h);
  REQUIRE(ended.has_value());
  CHECK(ended->has_value());

  streaming_context forsaken;
  forsaken.queue_stream(std::make_shared<row_queue<int>>()).for_each_batch([](const auto&) {});
  forsaken.start();
}

TEST_CASE("a limit of rows a second cuts what is there into batches") {
  streaming_context app({.batch_interval = 500ms, .pace = batch_pace::when_ready, .rows_a_second_max = 6});
  const auto given = collect(app.queue_stream(queue_of<std::vector<int>>({{1, 2, 3, 4, 5, 6, 7}, {8}})));
  run_to_end(app);
  CHECK(*given == std::vector<batch_output<int>>{{0, {1, 2, 3}}, {1, {4, 5, 6}}, {2, {7}}, {3, {8}}});
}

TEST_CASE("a queue ends the stream when it is closed, with its last piece or after it") {
  const auto last_batches = [](const auto& fill) {
    auto queue = std::make_shared<row_queue<int>>();
    streaming_context app({.pace = batch_pace::when_ready});
    std::vector<std::pair<std::size_t, bool>> batches;
    app.queue_stream(queue).for_each_batch(
        [&](const batch_rows<int>& rows) { batches.push_back({rows.size(), rows.batch().last}); });
    fill(*queue);
    app.start();
    CHECK(app.await_termination().has_value());
    return batches;
  };
  using batches = std::vector<std::pair<std::size_t, bool>>;
  CHECK(last_batches([](auto& queue) { queue.close(); }) == batches{{0, true}});
  CHECK(last_batches([](auto& queue) {
          queue.push({1, 2});
          queue.push({});
          queue.push({3});
          queue.close();
        }) == batches{{2, false}, {0, false}, {1, true}});
}

TEST_CASE("a table is loaded from lines, and lines that give no row are set aside") {
  const temporary_folder folder;
  const auto path = folder.write("rates.csv", "currency,rate\nEUR,110\n\nGBP,130\r\nEUR,111\nx\n");
  stream::reference_table<std::string, int> rates;
  const auto parse = [](std::string_view line) -> std::optional<std::pair<std::string, int>> {
    const auto comma = line.find(',');
    if (comma == std::string_view::npos || line.starts_with("currency")) return std::nullopt;
    return std::pair(std::string(line.substr(0, comma)), std::stoi(std::string(line.substr(comma + 1))));
  };
  const auto load = rates.load_lines(path, parse);
  REQUIRE(load.has_value());
  CHECK(load->rows == 3);
  CHECK(load->set_aside == 2);
  CHECK(rates.version()->size() == 2);
  CHECK(*rates.version()->find(std::string_view("EUR")) == 111);

  const auto missing = rates.load_lines(folder.path("none.csv"), parse);
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.error().message == folder.path("none.csv") + ": cannot be opened");
  CHECK(rates.version()->size() == 2);
}

}  // namespace weir::testing
