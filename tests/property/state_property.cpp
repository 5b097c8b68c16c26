// map_with_state and joins with tables give, for rows cut at random, any number of threads and of parts, what loops
// over lists give; by event time the cuts change nothing at all.
#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/dstream_by_hand.hpp"
#include "tests/support/dstream_run.hpp"
#include "tests/support/naive_state.hpp"

namespace weir::testing {

namespace {

using namespace std::chrono_literals;
using stream::duration;
using stream::timestamp;

/// What a row asks its key's state to do.
struct command {
  int kind = 0;
  int amount = 0;
  std::int64_t at_us = 0;
  friend bool operator==(const command&, const command&) = default;
};
using command_row = std::pair<std::string, command>;

/// Who was called, with what, and what was there: a sum and when it was woken.
struct answer {
  std::string key;
  std::optional<int> amount;
  std::optional<int> before;
  std::int64_t now_us = 0;
  bool timed_out = false;
  std::optional<std::int64_t> wakes_at_us;
  friend bool operator==(const answer&, const answer&) = default;
};

/// Does with the state everything that can be done with it. The same text for the operator and for its twin.
const auto obey = [](const std::string& key, std::optional<command> value, auto& cell) -> std::optional<answer> {
  answer made{.key = key,
              .amount = value ? std::optional(value->amount) : std::nullopt,
              .before = cell.get_option(),
              .now_us = cell.now().time_since_epoch().count(),
              .timed_out = cell.is_timing_out(),
              .wakes_at_us = {}};
  if (cell.wakes_at()) made.wakes_at_us = cell.wakes_at()->time_since_epoch().count();
  if (cell.is_timing_out()) return made;
  if (!value) {
    if (cell.get() % 3 == 0) cell.wake_at(cell.now() + duration{cell.get() % 7});
    cell.get() -= 1;
    if (cell.get() % 5 == 0) cell.remove();
    return made;
  }
  switch (value->kind) {
    case 0: cell.update(cell.get_option().value_or(0) + value->amount); break;
    case 1: cell.remove(); break;
    case 2: cell.update(value->amount); [[fallthrough]];
    case 3: cell.wake_at(cell.now() + duration{value->amount}); break;
    case 4: cell.cancel_wake(); break;
    case 5: return std::nullopt;
    default: cell.update(value->amount); break;
  }
  return made;
};

timestamp time_of(const command_row& row) { return timestamp{duration{row.second.at_us}}; }

/// Rows whose times go up by and by, and now and then back or far ahead.
std::vector<command_row> draw_rows() {
  std::vector<command_row> rows(*rc::gen::inRange<std::size_t>(0, 60));
  std::int64_t time = 1000;
  for (auto& [key, value] : rows) {
    key = std::string(static_cast<std::size_t>(*rc::gen::inRange(0, 6)), 'k');
    time += *rc::gen::inRange(0, 8) == 0 ? *rc::gen::inRange(0, 60) : *rc::gen::inRange(-4, 6);
    value = {*rc::gen::inRange(0, 8), *rc::gen::inRange(-3, 30), time};
  }
  return rows;
}

std::vector<std::vector<command_row>> draw_cuts(const std::vector<command_row>& rows) {
  std::vector<std::vector<command_row>> batches(*rc::gen::inRange<std::size_t>(1, 10));
  std::vector<std::size_t> ends(batches.size() - 1);
  for (auto& end : ends) end = *rc::gen::inRange<std::size_t>(0, rows.size() + 1);
  std::ranges::sort(ends);
  ends.push_back(rows.size());
  for (std::size_t i = 0, at = 0; i < batches.size(); ++i) {
    while (at < ends[i]) batches[i].push_back(rows[at++]);
  }
  return batches;
}

run_shape draw_shape() {
  return {.threads = *rc::gen::inRange<std::size_t>(1, 4),
          .partitions = *rc::gen::inRange<std::size_t>(1, 5),
          .interval = 4us};
}

stream::state_options<std::string, int> draw_options() {
  stream::state_options<std::string, int> options;
  if (*rc::gen::arbitrary<bool>()) options.initial = {{"kk", 6}, {"z", 9}, {"", -2}, {"kk", 1}};
  if (*rc::gen::arbitrary<bool>()) options.timeout = duration{*rc::gen::inRange(1, 25)};
  return options;
}

/// What a program gave: its rows, its states after each batch, and how many rows were late.
using state_run = naive_state_run<answer, std::string, int>;

/// Some rows only, so that the watermark goes on without them.
bool is_seen(const command_row& row) { return row.second.kind != 7; }
auto in_stream_time(const auto& commands, duration lateness) {
  return commands.event_time(time_of, lateness).filter(is_seen);
}

template <class Made>
state_run run_states(stream::streaming_context& app, const Made& made) {
  state_run run;
  const auto given = collect(made);
  const auto snapshots = collect(made.state_snapshots());
  app.add_listener([&](const stream::batch_progress& progress) { run.late_rows = progress.late_rows; });
  run_to_end(app);
  run.given = *given;
  run.snapshots = *snapshots;
  return run;
}

template <class Time>
state_run run_states(const std::vector<std::vector<command_row>>& batches, const run_shape& shape,
                     const stream::state_options<std::string, int>& options, Time time) {
  stream::streaming_context app(options_of(shape));
  return run_states(app, app.queue_stream(queue_of(batches)).template map_with_state<int>(obey, options, time));
}

void check_same(const state_run& given, const state_run& expected) {
  const bool same_rows = given.given == expected.given;
  const bool same_states = given.snapshots == expected.snapshots;
  RC_ASSERT(same_rows);
  RC_ASSERT(same_states);
  RC_ASSERT(given.late_rows == expected.late_rows);
}

std::vector<answer> joined(const state_run& run) {
  std::vector<answer> all;
  for (const auto& [number, rows] : run.given) all.insert(all.end(), rows.begin(), rows.end());
  return all;
}

}  // namespace

TEST_CASE("states that rows change, with timers and time-outs, are what loops over lists give") {
  CHECK(rc::check("by batch time", [] {
    const auto batches = draw_cuts(draw_rows());
    const auto shape = draw_shape();
    const auto options = draw_options();
    check_same(run_states(batches, shape, options, stream::by_batch_time{}),
               naive_map_with_state<answer, int>(batches, obey, options, shape.interval));
  }));
  CHECK(rc::check("by event time", [] {
    const auto batches = draw_cuts(draw_rows());
    const auto options = draw_options();
    const duration lateness{*rc::gen::inRange(0, 12)};
    check_same(run_states(batches, draw_shape(), options, stream::by_event_time{time_of, lateness}),
               naive_map_with_event_state<answer, int>(batches, obey, options, time_of, lateness));
  }));
  CHECK(rc::check("of a stream in event time", [] {
    const auto batches = draw_cuts(draw_rows());
    const auto options = draw_options();
    const duration lateness{*rc::gen::inRange(0, 12)};
    stream::streaming_context app(options_of(draw_shape()));
    const auto rows = in_stream_time(app.queue_stream(queue_of(batches)), lateness);
    check_same(run_states(app, rows.template map_with_state<int>(obey, options)),
               naive_map_with_state_in_order<answer, int>(batches, obey, options, time_of, is_seen, lateness));
  }));
  CHECK(rc::check("by event time, however the rows are cut", [] {
    const auto rows = draw_rows();
    const auto options = draw_options();
    const stream::by_event_time time{time_of, duration{*rc::gen::inRange(0, 12)}};
    const auto one = run_states(draw_cuts(rows), draw_shape(), options, time);
    const auto other = run_states(draw_cuts(rows), draw_shape(), options, time);
    const bool equal = joined(one) == joined(other);
    RC_ASSERT(equal);
    RC_ASSERT(one.snapshots.back().second == other.snapshots.back().second);
    RC_ASSERT(one.late_rows == other.late_rows);
  }));
}

namespace {

/// A program in the middle of its rows.
template <class Program>
class half_run {
 public:
  half_run(const Program& program, const std::string& state) : app_(draw_shape(), program) {
    if (!state.empty()) RC_ASSERT(app_.load(state));
  }

  void take(const std::vector<command_row>& rows, bool to_the_end) {
    const auto batches = draw_cuts(rows);
    for (std::size_t i = 0; i < batches.size(); ++i) {
      auto given = app_.run(batches[i], i, to_the_end && i + 1 == batches.size()).second;
      given_.insert(given_.end(), given.begin(), given.end());
    }
  }
  std::string saved() const { return app_.saved(); }
  const std::vector<answer>& given() const { return given_; }

 private:
  program_by_hand<command_row, Program> app_;
  std::vector<answer> given_;
};

}  // namespace

namespace {

/// Saved in the middle of the rows and gone on with, it gives what it gives in one go; as `program()` was drawn.
template <class Program>
void check_restart(const Program& program) {
  const auto rows = draw_rows();
  const auto middle = rows.begin() + static_cast<std::ptrdiff_t>(*rc::gen::inRange<std::size_t>(0, rows.size() + 1));
  const std::vector<command_row> before(rows.begin(), middle);
  const std::vector<command_row> after(middle, rows.end());
  half_run first(program, "");
  half_run same(program, "");
  first.take(before, false);
  same.take(before, false);
  RC_ASSERT(first.saved() == same.saved());

  half_run second(program, first.saved());
  RC_ASSERT(second.saved() == first.saved());
  second.take(after, true);
  same.take(after, true);
  auto given = first.given();
  given.insert(given.end(), second.given().begin(), second.given().end());
  const bool equal = given == same.given();
  RC_ASSERT(equal);
  RC_ASSERT(second.saved() == same.saved());
}

}  // namespace

TEST_CASE("saved states hang on no threads and no cuts, and any threads go on with them") {
  CHECK(rc::check("by event time", [] {
    check_restart([options = draw_options(), lateness = duration{*rc::gen::inRange(0, 12)}](const auto& commands) {
      return commands.template map_with_state<int>(obey, options, stream::by_event_time{time_of, lateness});
    });
  }));
  CHECK(rc::check("of a stream in event time", [] {
    check_restart([options = draw_options(), lateness = duration{*rc::gen::inRange(0, 12)}](const auto& commands) {
      return in_stream_time(commands, lateness).template map_with_state<int>(obey, options);
    });
  }));
}

namespace {

using word_count = std::pair<std::string, int>;

std::vector<word_count> draw_counts(std::size_t count_max) {
  std::vector<word_count> rows(*rc::gen::inRange<std::size_t>(0, count_max));
  for (auto& [word, count] : rows) {
    word = std::string(static_cast<std::size_t>(*rc::gen::inRange(0, 6)), 'w');
    count = *rc::gen::inRange(-9, 10);
  }
  return rows;
}

const auto as_outer = [](std::string_view word, const auto& values) {
  return std::pair(std::string(word), std::pair(values.first, std::optional<int>(values.second)));
};

}  // namespace

TEST_CASE("a stream joined with a table that is replaced between batches is what loops over lists give") {
  CHECK(rc::check("join_table and left_outer_join_table", [] {
    std::vector<std::vector<word_count>> batches(*rc::gen::inRange<std::size_t>(1, 6));
    std::vector<std::vector<word_count>> versions(batches.size());
    for (auto& batch : batches) batch = draw_counts(20);
    for (auto& version : versions) version = draw_counts(8);
    const bool keep_all = *rc::gen::arbitrary<bool>();

    stream::reference_table<std::string, int> table(versions[0]);
    stream::streaming_context app(options_of(draw_shape()));
    // Keys that only look at the batch's memory find those that the table owns. What is counted first replaces the
    // table while the batch runs: the join behind it still sees the old rows, and so does its twin.
    const auto rows = app.queue_stream(queue_of(batches));
    const auto words =
        rows.map([](const std::string& word, int count) { return std::pair(std::string_view(word), count); });
    const auto early = collect(words.left_outer_join_table(table).map(as_outer));
    rows.for_each_batch([&](const stream::batch_rows<word_count>& batch) {
      if (batch.batch().number + 1 < versions.size()) table.replace(versions[batch.batch().number + 1]);
    });
    const auto late = keep_all ? collect(words.left_outer_join_table(table).map(as_outer))
                               : collect(words.join_table(table).map(as_outer));
    run_to_end(app);
    for (std::size_t i = 0; i < batches.size(); ++i) {
      const bool early_equal = (*early)[i].second == naive_join_table(batches[i], versions[i], true);
      const bool late_equal = (*late)[i].second == naive_join_table(batches[i], versions[i], keep_all);
      RC_ASSERT(early_equal);
      RC_ASSERT(late_equal);
    }
  }));
}

}  // namespace weir::testing
