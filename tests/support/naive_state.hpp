#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "stream/dstream/operators/state_cell.hpp"
#include "tests/support/naive_dstream.hpp"
#include "tests/support/naive_event_time.hpp"

// What map_with_state means, said by loops over a list of keys: for each row, and at the end, all keys are looked
// through for the timer or time-out that is due first, until there is none.
namespace weir::testing {

/// A key, its state, and when it is to be called.
template <class K, class S>
struct naive_key {
  K key;
  std::optional<S> state{};
  std::optional<stream::timestamp> wake{};
  std::optional<stream::timestamp> idle_end{};
};

/// As a function sees it.
template <class S>
struct naive_cell {
  std::optional<S> state{};
  std::optional<stream::timestamp> wake{};
  stream::timestamp time{};
  stream::timestamp reached{};
  bool times_out = false;
  bool has_ended = false;

  bool exists() const { return state.has_value(); }
  S& get() { return *state; }
  std::optional<S> get_option() const { return state; }
  void update(S next) { state = std::move(next); }
  void remove() { state.reset(); }
  bool is_timing_out() const { return times_out; }
  stream::timestamp now() const { return time; }
  std::optional<stream::timestamp> wakes_at() const { return wake; }
  void cancel_wake() { wake.reset(); }
  void wake_at(stream::timestamp at) {
    wake = at > reached ? at : reached + stream::duration{1};
    if (has_ended) wake.reset();
  }
};

template <class R, class K, class S>
struct naive_state_run {
  std::vector<batch_output<R>> given{};
  std::vector<std::pair<std::uint64_t, pairs<K, S>>> snapshots{};
  std::uint64_t late_rows = 0;
};

/// The states of a stream of (key, value) rows; `f` gives a std::optional<R>. With `time_of` it goes by event time.
template <class R, class K, class V, class S, class F>
class naive_state_machine {
 public:
  naive_state_machine(F f, stream::state_options<K, S> options) : f_(std::move(f)), timeout_(options.timeout) {
    for (const auto& [key, state] : options.initial) {
      const auto same = [&](const auto& one) { return one.key == key; };
      if (std::ranges::none_of(keys_, same)) keys_.push_back({.key = key, .state = state});
    }
  }

  /// Initial states are idle from here on.
  void begin(stream::timestamp now) {
    if (begun_) return;
    begun_ = true;
    for (auto& one : keys_) {
      if (timeout_) one.idle_end = now + *timeout_;
    }
  }

  void row(const K& key, const V& value, stream::timestamp now, stream::timestamp reached) {
    auto place = std::ranges::find_if(keys_, [&](const auto& one) { return one.key == key; }) - keys_.begin();
    if (place == std::ssize(keys_)) keys_.push_back({.key = key});
    auto& of = keys_[static_cast<std::size_t>(place)];
    if (timeout_) of.idle_end = std::max(of.idle_end.value_or(now + *timeout_), now + *timeout_);
    call(static_cast<std::size_t>(place), value, {.time = now, .reached = reached});
  }

  /// All timers and time-outs up to `until`; nothing: all there are, since time has ended.
  void fire(std::optional<stream::timestamp> until) {
    for (;;) {
      std::optional<std::pair<stream::timestamp, std::size_t>> first;
      for (std::size_t i = 0; i < keys_.size(); ++i) {
        for (const auto at : {keys_[i].wake, keys_[i].idle_end}) {
          if (at && (!until || *at <= *until) && (!first || *at < first->first)) first = {*at, i};
        }
      }
      if (!first) return;
      const auto [at, place] = *first;
      const bool times_out = keys_[place].wake != at;
      keys_[place].wake.reset();  // it fires, or goes with the state
      call(place, std::nullopt, {.time = at, .reached = at, .times_out = times_out, .has_ended = !until.has_value()});
    }
  }

  std::vector<R> take_given() { return std::exchange(given_, {}); }
  pairs<K, S> snapshot() const {
    pairs<K, S> all;
    for (const auto& one : keys_) all.push_back({one.key, *one.state});
    return all;
  }

 private:
  void call(std::size_t place, std::optional<V> value, naive_cell<S> cell) {
    auto& of = keys_[place];
    cell.state = of.state;
    cell.wake = of.wake;
    if (auto row = f_(std::as_const(of.key), value, cell)) given_.push_back(std::move(*row));
    of.state = cell.state;
    of.wake = cell.wake;
    if (!of.state || cell.times_out) keys_.erase(keys_.begin() + static_cast<std::ptrdiff_t>(place));
  }

  F f_;
  std::optional<stream::duration> timeout_;
  std::vector<naive_key<K, S>> keys_;  // in the order in which they came to have a state
  std::vector<R> given_;
  bool begun_ = false;
};

template <class R, class S, class K, class V, class F>
naive_state_run<R, K, S> naive_map_with_state(const std::vector<pairs<K, V>>& batches, F f,
                                              stream::state_options<K, S> options, stream::duration interval) {
  naive_state_machine<R, K, V, S, F> machine(std::move(f), std::move(options));
  naive_state_run<R, K, S> run;
  for (std::size_t i = 0; i < batches.size(); ++i) {
    const stream::timestamp now{interval * static_cast<std::int64_t>(i + 1)};
    machine.begin(now);
    for (const auto& [key, value] : batches[i]) machine.row(key, value, now, now);
    machine.fire(now);
    run.given.push_back({i, machine.take_given()});
    run.snapshots.push_back({i, machine.snapshot()});
  }
  return run;
}

template <class R, class S, class K, class V, class F, class TimeOf>
naive_state_run<R, K, S> naive_map_with_event_state(const std::vector<pairs<K, V>>& batches, F f,
                                                    stream::state_options<K, S> options, const TimeOf& time_of,
                                                    stream::duration lateness) {
  naive_state_machine<R, K, V, S, F> machine(std::move(f), std::move(options));
  naive_state_run<R, K, S> run;
  std::optional<stream::timestamp> greatest;
  for (std::size_t i = 0; i < batches.size(); ++i) {
    for (const auto& row : batches[i]) {
      const stream::timestamp at = time_of(row);
      machine.begin(at);
      greatest = std::max(greatest.value_or(at), at);
      if (at < *greatest - lateness) {
        ++run.late_rows;
        continue;
      }
      machine.fire(*greatest - lateness);
      machine.row(row.first, row.second, at, *greatest - lateness);
    }
    if (i + 1 == batches.size() && greatest) machine.fire(std::nullopt);
    run.given.push_back({i, machine.take_given()});
    run.snapshots.push_back({i, machine.snapshot()});
  }
  return run;
}

/// Of the rows of a stream in event time for which `is_seen(row)` is true, in the order of their times.
template <class R, class S, class K, class V, class F, class TimeOf, class IsSeen>
naive_state_run<R, K, S> naive_map_with_state_in_order(const std::vector<pairs<K, V>>& batches, F f,
                                                       stream::state_options<K, S> options, const TimeOf& time_of,
                                                       const IsSeen& is_seen, stream::duration lateness) {
  naive_state_machine<R, K, V, S, F> machine(std::move(f), std::move(options));
  naive_state_run<R, K, S> run;
  std::vector<std::vector<stream::timed<std::pair<K, V>>>> timed_batches;
  for (const auto& batch : batches) {
    timed_batches.emplace_back();
    for (const auto& row : batch) timed_batches.back().push_back({time_of(row), row});
  }
  const auto all = joined_batches(timed_batches);
  auto rows = naive_rows(all, lateness);
  std::erase_if(rows, [&](const auto& row) { return !is_seen(row.value); });
  std::ranges::stable_sort(rows, {}, [](const auto& row) { return row.at; });
  const auto watermarks = naive_watermarks(timed_batches, lateness);
  std::size_t next = 0;
  for (std::size_t i = 0; i < batches.size(); ++i) {
    for (; next < rows.size() && rows[next].at < watermarks[i]; ++next) {
      const auto& [at, number, row] = rows[next];
      machine.begin(at);
      machine.fire(at);
      machine.row(row.first, row.second, at, at);
    }
    machine.fire(i + 1 < batches.size() ? watermarks[i] : naive_watermark(all, all.size(), lateness));
    if (i + 1 == batches.size()) machine.fire(std::nullopt);
    run.given.push_back({i, machine.take_given()});
    run.snapshots.push_back({i, machine.snapshot()});
  }
  for (const auto& row : naive_rows(all, lateness, true)) run.late_rows += is_seen(row.value) ? 1 : 0;
  return run;
}

/// Pairs with what the last row of a table with their key has.
template <class K, class V, class W>
std::vector<std::pair<K, std::pair<V, std::optional<W>>>> naive_join_table(const pairs<K, V>& rows,
                                                                           const pairs<K, W>& table, bool keep_all) {
  std::vector<std::pair<K, std::pair<V, std::optional<W>>>> given;
  for (const auto& [key, value] : rows) {
    std::optional<W> found;
    for (const auto& [other, partner] : table) {
      if (other == key) found = partner;
    }
    if (found || keep_all) given.push_back({key, {value, found}});
  }
  return given;
}

}  // namespace weir::testing
