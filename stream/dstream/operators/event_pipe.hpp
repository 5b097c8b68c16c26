#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <utility>
#include <variant>

#include "stream/dstream/operators/event_clock.hpp"
#include "stream/dstream/steps.hpp"

namespace weir::stream {

/// A row beside its time.
template <class T>
struct timed {
  timestamp at{};
  T value;
  bool operator==(const timed&) const = default;
};

/// The loop of a stream in event time: `source` gives rows, `time_of` their times, and `step` makes of each what the
/// stream has in its place, at the same time. The clock sees all of the source's rows, also those that `step` drops.
///
/// `Judged`: rows may be late. Otherwise they come from an operator that has judged them, and whose watermark is theirs
/// too; `lateness` then says how far they may be out of order.
template <class Source, class TimeOf, class Step, bool Judged>
struct event_pipe {
  using step_type = Step;
  static constexpr bool judged = Judged;

  Source source;
  TimeOf time_of;
  duration lateness;
  Step step;

  node_base& from() const { return *source.from; }
  std::size_t parts() const { return source.parts(); }

  /// emit(time, watermark before the row, row); `clock` has seen the parts before, or will be told of them.
  template <class Emit>
  void run_part(std::size_t part, source_clock& clock, const Emit& emit) const {
    source.run_part(part, [&](auto&& row) {
      const timestamp at = call(time_of, std::as_const(row));
      const timestamp watermark = clock.watermark();
      clock.see(at);
      if constexpr (std::same_as<Step, as_it_is>) {
        emit(at, watermark, std::forward<decltype(row)>(row));
      } else {
        step(row, [&](auto&& made) { emit(at, watermark, std::forward<decltype(made)>(made)); });
      }
    });
  }

  /// Behind the batch's rows.
  timestamp rows_watermark(const source_clock& clock) const {
    if constexpr (Judged) return clock.watermark();
    return std::max(clock.watermark(), from().rows_watermark().value_or(start_of_time));
  }

  template <class Next>
  event_pipe<Source, TimeOf, Next, Judged> then(Next next) const {
    return {source, time_of, lateness, std::move(next)};
  }
};

// What an operator takes of a row as its key, and what as the value.

/// Rows are pairs of them.
struct by_first {
  template <class Row>
  static const auto& key(const Row& row) {
    return row.first;
  }
  template <class Row>
  static auto&& value(Row&& row) {
    return std::forward<Row>(row).second;
  }
};

/// The value is the whole row.
template <class KeyOf>
struct by_key_of {
  KeyOf key_of;
  template <class Row>
  auto key(const Row& row) const {
    return call(key_of, row);
  }
  template <class Row>
  static auto&& value(Row&& row) {
    return std::forward<Row>(row);
  }
};

/// All rows are of one key, which does not show in the results.
using no_key = std::monostate;
struct all_together {
  template <class Row>
  static no_key key(const Row&) {
    return {};
  }
  template <class Row>
  static auto&& value(Row&& row) {
    return std::forward<Row>(row);
  }
};

}  // namespace weir::stream
