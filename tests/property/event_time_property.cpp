// Each operator of event time gives, whatever the cut, the number of threads and of parts, and over a restart with
// another number of threads, what loops over the whole list of rows give; and gives it in the batch whose watermark
// says that nothing more can come.
#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <cstdint>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "tests/support/dstream_by_hand.hpp"
#include "tests/support/dstream_run.hpp"
#include "tests/support/naive_event_time.hpp"

namespace weir::testing {

namespace {

using stream::windowed;

/// Of all things here the unit of time is the microsecond: only few times, so that many are equal.
using word_pair = std::pair<int, std::string>;
using event = stream::timed<word_pair>;

int draw(int from, int to) { return *rc::gen::inRange(from, to); }
duration draw_duration(int from, int to) { return duration{draw(from, to)}; }

run_shape draw_shape() {
  return {.threads = static_cast<std::size_t>(draw(1, 4)), .partitions = static_cast<std::size_t>(draw(1, 5))};
}

/// Time goes on, and rows come before and behind it.
cut_rows<event> draw_batches() {
  cut_rows<event> batches(static_cast<std::size_t>(draw(1, 9)));
  int now = draw(-30, 30);
  const int pace = draw(1, 5);
  const int disorder = draw(1, 14);
  for (auto& batch : batches) {
    batch.resize(static_cast<std::size_t>(draw(0, 4) == 0 ? 0 : draw(0, 25)));
    for (auto& [at, value] : batch) {
      now += draw(0, pace);
      at = timestamp{duration{now - draw(0, disorder)}};
      value = {draw(0, 5), std::string(1, static_cast<char>('a' + draw(0, 26)))};
    }
  }
  return batches;
}

const auto in_time_order = [](duration lateness) {
  return [lateness](auto rows) {
    return rows.event_time([](const event& row) { return row.at; }, lateness).map([](const event& row) {
      return row.value;
    });
  };
};

/// As if in one go, with a restart in between.
template <class Program>
void check_restart(const cut_rows<event>& batches, const Program& program, const auto& expected) {
  using by_hand = program_by_hand<event, Program>;
  by_hand before(draw_shape(), program);
  by_hand beside(draw_shape(), program);
  by_hand after(draw_shape(), program);
  const auto cut = static_cast<std::size_t>(draw(0, static_cast<int>(batches.size())));
  for (std::size_t i = 0; i < cut; ++i) {
    const bool last = i + 1 == batches.size();
    const bool equal = before.run(batches[i], i, last) == expected[i];
    RC_ASSERT(equal);
    beside.run(batches[i], i, last);
  }
  RC_ASSERT(before.saved() == beside.saved());
  RC_ASSERT(before.state().late_rows == beside.state().late_rows);
  RC_ASSERT(after.load(before.saved()));
  RC_ASSERT(after.saved() == before.saved());
  for (std::size_t i = cut; i < batches.size(); ++i) {
    const bool equal = after.run(batches[i], i, i + 1 == batches.size()) == expected[i];
    RC_ASSERT(equal);
  }
}

template <class Program>
void check_program(const cut_rows<event>& batches, const Program& program, const auto& expected) {
  const bool equal = run_batches(batches, draw_shape(), program) == expected;
  RC_ASSERT(equal);
  check_restart(batches, program, expected);
}

/// program(timed stream, what was drawn for it) gives what naive(rows in time, the same) says will come.
template <class Draw, class Program, class Naive>
void property(const std::string& name, const Draw& options, const Program& program, const Naive& naive) {
  CHECK(rc::check(name, [&] {
    const auto batches = draw_batches();
    const auto lateness = draw_duration(0, 12);
    const auto chosen = options();
    const auto rows = naive_rows(joined_batches(batches), lateness);
    check_program(
        batches, [&](auto input) { return program(in_time_order(lateness)(input), chosen); },
        naive_batches(naive_watermarks(batches, lateness), naive(rows, chosen)));
  }));
}

stream::fixed_windows draw_tumbling() {
  const auto length = draw_duration(1, 14);
  return {.length = length, .slide = length, .offset = draw_duration(-20, 20)};
}
stream::fixed_windows draw_sliding() {
  return {.length = draw_duration(1, 14), .slide = draw_duration(1, 14), .offset = draw_duration(-20, 20)};
}

auto cut_by(const auto& rows, const stream::fixed_windows& windows) {
  return rows.sliding(windows.length, windows.slide, windows.offset);
}

/// of_key(rows of a key in a window) for each, as they come.
auto naive_windows_by_key(const auto& rows, const stream::fixed_windows& windows, const auto& of_key) {
  using value = std::invoke_result_t<decltype(of_key), const naive_window_rows<std::string>&>;
  std::vector<coming<windowed<std::pair<int, value>>>> given;
  for (const auto& [start, end, in_window] : naive_fixed_windows(rows, windows)) {
    for (const auto& [key, of] : naive_by_key(in_window))
      given.push_back({end, {start, end, {key, of_key(naive_window_rows<std::string>{start, end, of})}}});
  }
  return given;
}

/// Shows the order in which words are put together, and does not care how they are grouped.
const auto words = [](const std::string& a, const std::string& b) { return a + b; };
const auto greater = [](const std::string& a, const std::string& b) { return std::max(a, b); };
const auto all_values = [](const auto& window) { return values_of(window.rows); };
const auto as_list = [](const std::string& first) { return std::vector{first}; };
const auto with_next = [](std::vector<std::string> list, const std::string& next) {
  list.push_back(next);
  return list;
};

duration pane_of(const stream::fixed_windows& windows) {
  return duration{std::gcd(windows.length.count(), windows.slide.count())};
}

}  // namespace

TEST_CASE("windows of event time give what loops over all rows give") {
  property(
      "tumbling, reduce_by_key", draw_tumbling,
      [](const auto& rows, const auto& windows) {
        return rows.tumbling(windows.length, windows.offset).reduce_by_key(words);
      },
      [](const auto& rows, const auto& windows) {
        return naive_windows_by_key(rows, windows,
                                    [](const auto& window) { return naive_fold(values_of(window.rows), words); });
      });
  property(
      "sliding, reduce_by_key: pane by pane", draw_sliding,
      [](const auto& rows, const auto& windows) { return cut_by(rows, windows).reduce_by_key(words); },
      [](const auto& rows, const auto& windows) {
        return naive_windows_by_key(
            rows, windows, [&](const auto& window) { return naive_fold_by_panes(window, pane_of(windows), words); });
      });
  property(
      "sliding, group_by_key", draw_sliding,
      [](const auto& rows, const auto& windows) { return cut_by(rows, windows).group_by_key(); },
      [](const auto& rows, const auto& windows) { return naive_windows_by_key(rows, windows, all_values); });
  property(
      "sliding, combine_by_key", draw_sliding,
      [](const auto& rows, const auto& windows) { return cut_by(rows, windows).combine_by_key(as_list, with_next); },
      [](const auto& rows, const auto& windows) { return naive_windows_by_key(rows, windows, all_values); });
  property(
      "sliding, count_by_key", draw_sliding,
      [](const auto& rows, const auto& windows) { return cut_by(rows, windows).count_by_key(); },
      [](const auto& rows, const auto& windows) {
        return naive_windows_by_key(rows, windows, [](const auto& window) { return window.rows.size(); });
      });
  property(
      "sliding, reduce without keys", draw_sliding,
      [](const auto& rows, const auto& windows) {
        return cut_by(rows.map([](int, const std::string& word) { return word; }), windows).reduce(words);
      },
      [](const auto& rows, const auto& windows) {
        std::vector<coming<windowed<std::string>>> given;
        for (const auto& window : naive_fixed_windows(rows, windows)) {
          naive_window_rows<std::string> of{window.start, window.end, {}};
          for (const auto& row : window.rows) of.rows.push_back({row.at, row.number, row.value.second});
          given.push_back({of.end, {of.start, of.end, naive_fold_by_panes(of, pane_of(windows), words)}});
        }
        return given;
      });
  property(
      "sliding, greatest_by", draw_sliding,
      [](const auto& rows, const auto& windows) { return cut_by(rows, windows).greatest_by(&word_pair::first); },
      [](const auto& rows, const auto& windows) {
        std::vector<coming<windowed<std::vector<word_pair>>>> given;
        for (const auto& [start, end, in_window] : naive_fixed_windows(rows, windows))
          given.push_back({end, {start, end, naive_greatest(in_window, [](const auto& row) { return row.first; })}});
        return given;
      });
  property(
      "the rows of a window that a filter leaves, by the watermark of all rows", draw_tumbling,
      [](const auto& rows, const auto& windows) {
        return rows.filter([](int key, const std::string&) { return key == 1; })
            .tumbling(windows.length, windows.offset)
            .count();
      },
      [](const auto& rows, const auto& windows) {
        std::vector<coming<windowed<std::uint64_t>>> given;
        for (const auto& [start, end, in_window] : naive_fixed_windows(rows, windows)) {
          const auto count = std::ranges::count(in_window, 1, [](const auto& row) { return row.value.first; });
          if (count > 0) given.push_back({end, {start, end, static_cast<std::uint64_t>(count)}});
        }
        return given;
      });
  property(
      "windows over windows: the greatest count of each", draw_sliding,
      [](const auto& rows, const auto& windows) {
        return cut_by(rows, windows)
            .count_by_key()
            .map([](const auto& window) { return window.value.second; })
            .tumbling(windows.slide, windows.offset + windows.length)
            .reduce([](std::uint64_t a, std::uint64_t b) { return std::max(a, b); });
      },
      [](const auto& rows, const auto& windows) {
        std::vector<coming<windowed<std::uint64_t>>> given;
        for (const auto& [start, end, in_window] : naive_fixed_windows(rows, windows)) {
          std::uint64_t most = 0;
          for (const auto& [key, of] : naive_by_key(in_window)) most = std::max(most, std::uint64_t{of.size()});
          given.push_back({end, {end - windows.slide, end, most}});
        }
        return given;
      });
}

namespace {

/// of_key(rows of a session) for each, as they come.
auto naive_sessions_by_key(const auto& rows, duration gap, const auto& of_key) {
  using value = std::invoke_result_t<decltype(of_key), const naive_window_rows<std::string>&>;
  std::vector<coming<windowed<std::pair<int, value>>>> given;
  for (const auto& [key, session] : naive_sessions(rows, gap))
    given.push_back({session.end, {session.start, session.end, {key, of_key(session)}}});
  return given;
}

duration draw_gap() { return draw_duration(1, 20); }

}  // namespace

TEST_CASE("sessions give what loops over all rows give") {
  property(
      "reduce_by_key", draw_gap,
      [](const auto& rows, duration gap) { return rows.session(gap).reduce_by_key(greater); },
      [](const auto& rows, duration gap) {
        return naive_sessions_by_key(rows, gap,
                                     [](const auto& session) { return naive_fold(values_of(session.rows), greater); });
      });
  property(
      "group_by_key, in the order of arrival", draw_gap,
      [](const auto& rows, duration gap) { return rows.session(gap).group_by_key(); },
      [](const auto& rows, duration gap) { return naive_sessions_by_key(rows, gap, all_values); });
  property(
      "combine_by_key", draw_gap,
      [](const auto& rows, duration gap) { return rows.session(gap).combine_by_key(as_list, with_next); },
      [](const auto& rows, duration gap) { return naive_sessions_by_key(rows, gap, all_values); });
  property(
      "count_by_key", draw_gap, [](const auto& rows, duration gap) { return rows.session(gap).count_by_key(); },
      [](const auto& rows, duration gap) {
        return naive_sessions_by_key(rows, gap, [](const auto& session) { return std::uint64_t{session.rows.size()}; });
      });
  property(
      "count of all rows", draw_gap, [](const auto& rows, duration gap) { return rows.session(gap).count(); },
      [](const auto& rows, duration gap) {
        std::vector<placed<std::pair<int, std::string>>> together;
        for (const auto& [at, number, value] : rows) together.push_back({at, number, {0, value.second}});
        std::vector<coming<windowed<std::uint64_t>>> given;
        for (const auto& [key, session] : naive_sessions(together, gap))
          given.push_back({session.end, {session.start, session.end, session.rows.size()}});
        return given;
      });
}

namespace {

struct duplicates_case {
  cut_rows<event> batches = draw_batches();
  duration lateness = draw_duration(0, 12);
  duration within = draw_duration(0, 15);

  std::vector<placed<word_pair>> passed() const {
    return naive_first_rows(joined_batches(batches), lateness, within, key_of);
  }
  static constexpr auto key_of = [](const word_pair& row) { return row.first; };
};

}  // namespace

TEST_CASE("drop_duplicates gives what loops over all rows give") {
  CHECK(rc::check("drop_duplicates", [] {
    const duplicates_case drawn;
    check_program(
        drawn.batches,
        [&](auto input) { return in_time_order(drawn.lateness)(input).drop_duplicates(drawn.key_of, drawn.within); },
        naive_at_once(drawn.batches, drawn.passed()));
  }));
  CHECK(rc::check("windows over what is left, by the watermark of all rows", [] {
    const duplicates_case drawn;
    const auto windows = draw_tumbling();
    check_program(
        drawn.batches,
        [&](auto input) {
          return cut_by(in_time_order(drawn.lateness)(input).drop_duplicates(drawn.key_of, drawn.within), windows)
              .group_by_key();
        },
        naive_batches(naive_watermarks(drawn.batches, drawn.lateness),
                      naive_windows_by_key(drawn.passed(), windows, all_values)));
  }));
}

TEST_CASE("rows in time and late rows are what loops over all rows give") {
  CHECK(rc::check("rows", [] {
    const duplicates_case drawn;
    check_program(
        drawn.batches, [&](auto input) { return in_time_order(drawn.lateness)(input).rows(); },
        naive_at_once(drawn.batches, naive_rows(joined_batches(drawn.batches), drawn.lateness)));
  }));
  CHECK(rc::check("late", [] {
    const duplicates_case drawn;
    check_program(
        drawn.batches, [&](auto input) { return in_time_order(drawn.lateness)(input).late(); },
        naive_at_once(drawn.batches, naive_rows(joined_batches(drawn.batches), drawn.lateness, true)));
  }));
  CHECK(rc::check("the count of late rows, and the watermark", [] {
    const duplicates_case drawn;
    stream::streaming_context app(options_of(draw_shape()));
    collect(in_time_order(drawn.lateness)(app.queue_stream(queue_of(drawn.batches))).tumbling(duration{5}).count());
    std::vector<std::pair<std::uint64_t, std::optional<timestamp>>> shown;
    app.add_listener([&](const auto& progress) { shown.push_back({progress.late_rows, progress.watermark}); });
    run_to_end(app);
    const auto watermarks = naive_watermarks(drawn.batches, drawn.lateness);
    for (std::size_t i = 0; i < watermarks.size(); ++i) {
      const auto rows = joined_batches(drawn.batches, i + 1);
      RC_ASSERT(shown[i].first == naive_rows(rows, drawn.lateness, true).size());
      RC_ASSERT(shown[i].second.value_or(stream::start_of_time) == watermarks[i]);
    }
  }));
}

namespace {

/// The two streams are what comes first and last in the alphabet, each with a clock of its own.
struct join_case {
  cut_rows<event> batches = draw_batches();
  duration left_lateness = draw_duration(0, 12);
  duration right_lateness = draw_duration(0, 12);
  stream::time_bounds bounds = draw_bounds();

  static stream::time_bounds draw_bounds() {
    const int before = draw(-6, 10);
    return {.before = duration{before}, .after = draw_duration(-before, 11)};
  }
  static bool is_left(const event& row) { return row.value.second < "n"; }

  auto left(auto input) const { return in_time_order(left_lateness)(input.filter(is_left)); }
  auto right(auto input) const { return in_time_order(right_lateness)(input.filter(std::not_fn(is_left))); }

  static cut_rows<event> kept(const cut_rows<event>& batches, bool left) {
    auto rows = batches;
    for (auto& batch : rows) std::erase_if(batch, [&](const event& row) { return is_left(row) != left; });
    return rows;
  }
  std::vector<timestamp> watermarks() const {
    auto lesser = naive_watermarks(kept(batches, true), left_lateness);
    const auto other = naive_watermarks(kept(batches, false), right_lateness);
    for (std::size_t i = 0; i < lesser.size(); ++i) lesser[i] = std::min(lesser[i], other[i]);
    return lesser;
  }
  auto joined(bool keep_left, bool keep_right) const {
    return naive_join_within(naive_rows(joined_batches(kept(batches, true)), left_lateness),
                             naive_rows(joined_batches(kept(batches, false)), right_lateness), bounds, keep_left,
                             keep_right);
  }
};

/// Any join as rows with two values that may be missing.
const auto as_full = [](int key, const auto& values) {
  return std::pair(key, std::pair(std::optional<std::string>(values.first), std::optional<std::string>(values.second)));
};

template <class Join>
void join_property(const std::string& name, const Join& join, bool keep_left, bool keep_right) {
  CHECK(rc::check(name, [&] {
    const join_case drawn;
    check_program(
        drawn.batches,
        [&](auto input) { return join(drawn.left(input), drawn.right(input), drawn.bounds).map(as_full); },
        naive_batches(drawn.watermarks(), drawn.joined(keep_left, keep_right)));
  }));
}

}  // namespace

TEST_CASE("joins by event time give what loops over all rows give") {
  join_property(
      "join_within", [](auto left, auto right, auto bounds) { return left.join_within(right, bounds); }, false, false);
  join_property(
      "left_outer_join_within",
      [](auto left, auto right, auto bounds) { return left.left_outer_join_within(right, bounds); }, true, false);
  join_property(
      "right_outer_join_within",
      [](auto left, auto right, auto bounds) { return left.right_outer_join_within(right, bounds); }, false, true);
  join_property(
      "full_outer_join_within",
      [](auto left, auto right, auto bounds) { return left.full_outer_join_within(right, bounds); }, true, true);
  CHECK(rc::check("join", [] {
    join_case drawn;
    drawn.bounds = {.before = std::chrono::hours(1), .after = std::chrono::hours(1)};  // further than any are apart
    check_program(
        drawn.batches, [&](auto input) { return drawn.left(input).join(drawn.right(input)).map(as_full); },
        naive_batches(drawn.watermarks(), drawn.joined(false, false)));
  }));
  CHECK(rc::check("windows over joined rows", [] {
    const join_case drawn;
    const auto windows = draw_tumbling();
    std::vector<placed<std::pair<int, std::string>>> rows;
    for (const auto& [due, row] : drawn.joined(false, false)) {
      const auto& [key, values] = row;
      rows.push_back({due - duration{1}, rows.size(), {key, *values.first + *values.second}});
    }
    check_program(
        drawn.batches,
        [&](auto input) {
          return cut_by(drawn.left(input).join_within(drawn.right(input), drawn.bounds), windows)
              .combine_by_key([](const auto& values) { return std::vector{values.first + values.second}; },
                              [](auto list, const auto& values) {
                                list.push_back(values.first + values.second);
                                return list;
                              });
        },
        naive_batches(drawn.watermarks(), naive_windows_by_key(rows, windows, all_values)));
  }));
}

TEST_CASE("rows in the order of time are what loops over all rows give") {
  property(
      "in_order", [] { return 0; }, [](const auto& rows, int) { return rows.in_order(); },
      [](const auto& rows, int) { return naive_union<word_pair>({rows}); });
  property(
      "union_with, of three that have one clock", [] { return 0; },
      [](const auto& rows, int) {
        const auto of_key = [&](int key) { return rows.filter([key](int k, const std::string&) { return k == key; }); };
        return of_key(2).union_with(of_key(1), of_key(0));
      },
      [](const auto& rows, int) {
        std::vector<std::vector<placed<word_pair>>> streams(3);
        for (const auto& row : rows) {
          if (row.value.first < 3) streams[static_cast<std::size_t>(2 - row.value.first)].push_back(row);
        }
        return naive_union(streams);
      });
  CHECK(rc::check("union_with, of two that have each its own clock", [] {
    const join_case drawn;
    const auto rows = [&](bool left, duration lateness) {
      return naive_rows(joined_batches(join_case::kept(drawn.batches, left)), lateness);
    };
    check_program(
        drawn.batches, [&](auto input) { return drawn.left(input).union_with(drawn.right(input)); },
        naive_batches(drawn.watermarks(),
                      naive_union<word_pair>({rows(true, drawn.left_lateness), rows(false, drawn.right_lateness)})));
  }));
  property(
      "windows over rows in order", draw_tumbling,
      [](const auto& rows, const auto& windows) { return cut_by(rows.in_order(), windows).group_by_key(); },
      [](const auto& rows, const auto& windows) {
        auto sorted = rows;
        std::ranges::stable_sort(sorted, {}, [](const auto& row) { return row.at; });
        return naive_windows_by_key(sorted, windows, all_values);
      });
  property(
      "of_type", [] { return 0; },
      [](const auto& rows, int) {
        return rows
            .map([](int key, const std::string& word) {
              return key % 2 == 0 ? std::variant<int, std::string>(key) : std::variant<int, std::string>(word);
            })
            .template of_type<std::string>()
            .in_order();
      },
      [](const auto& rows, int) {
        std::vector<placed<std::string>> odd;
        for (const auto& [at, number, row] : rows) {
          if (row.first % 2 != 0) odd.push_back({at, number, row.second});
        }
        return naive_union<std::string>({odd});
      });
}

}  // namespace weir::testing
