#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "stream/dstream/steps.hpp"
#include "stream/time.hpp"
#include "stream/watermark.hpp"

namespace weir::stream {

// How threads that each see the rows of some keys agree on event time: it moves at some rows of a batch, which are
// noted while the rows are brought to their shards, part by part side by side.

/// A value with its row's time.
template <class V>
struct timed_value {
  timestamp at{};
  V value;
  V&& taken() && { return std::move(value); }
};

/// A row that shows a later time than all before it.
struct event_step {
  std::uint64_t row = 0;
  timestamp time{};
};

class event_steps {
 public:
  void reset(std::size_t parts) {
    if (by_part_.size() < parts) by_part_.resize(parts);
    for (auto& steps : by_part_) steps.clear();
  }

  /// Any thread, one a part; rows in order.
  void note(std::size_t part, std::uint64_t row, timestamp time) {
    auto& steps = by_part_[part];
    if (steps.empty() || time > steps.back().time) steps.push_back({row, time});
  }

  /// Behind this, `all` has the rows that show a later time than all before them, in this batch or before.
  void merge(timestamp greatest) {
    all_.clear();
    for (const auto& steps : by_part_) {
      for (const auto& step : steps) {
        if (step.time <= greatest) continue;
        greatest = step.time;
        all_.push_back(step);
      }
    }
  }
  const std::vector<event_step>& all() const { return all_; }

 private:
  std::vector<std::vector<event_step>> by_part_;
  std::vector<event_step> all_;
};

/// A pair of a pipe, its value with its time: nothing is copied yet.
template <class Row>
struct timed_row {
  using value_ref = decltype((std::declval<Row>().second));
  struct timed_ref {
    timestamp at;
    std::remove_reference_t<value_ref>& value;

    template <class V>
    explicit operator timed_value<V>() && {
      return {at, static_cast<V>(std::move(*this).taken())};
    }
    decltype(auto) taken() && { return std::forward<value_ref>(value); }
  };
  const std::remove_reference_t<decltype(std::declval<Row>().first)>& first;
  timed_ref second;
};

/// The pairs of a pipe with their times.
template <class Pipe, class TimeOf>
struct stamped_pipe {
  const Pipe& pipe;
  const TimeOf& time_of;

  std::size_t parts() const { return pipe.parts(); }

  template <class Emit>
  void run_part(std::size_t part, const Emit& emit) const {
    pipe.run_part(part, [&](auto&& row) {
      const timestamp at = call(time_of, std::as_const(row));
      emit(timed_row<decltype(row)>{row.first, {at, row.second}});
    });
  }
};
template <class Pipe, class TimeOf>
stamped_pipe(const Pipe&, const TimeOf&) -> stamped_pipe<Pipe, TimeOf>;

/// The pairs of a pipe whose rows have their times beside them.
template <class Pipe>
struct unpacked_pipe {
  const Pipe& pipe;

  std::size_t parts() const { return pipe.parts(); }

  template <class Emit>
  void run_part(std::size_t part, const Emit& emit) const {
    pipe.run_part(part, [&](const auto& row) {
      emit(timed_row<decltype((row.value))>{row.value.first, {row.at, row.value.second}});
    });
  }
};
template <class Pipe>
unpacked_pipe(const Pipe&) -> unpacked_pipe<Pipe>;

/// The same, and the steps of time are noted; rows are numbered from `first_row(part)`.
template <class Timed, class FirstRow>
struct noted_pipe {
  const Timed& timed;
  event_steps& steps;
  FirstRow first_row;

  std::size_t parts() const { return timed.parts(); }

  template <class Emit>
  void run_part(std::size_t part, const Emit& emit) const {
    std::uint64_t row = first_row(part);
    timed.run_part(part, [&](auto&& pair) {
      steps.note(part, row++, pair.second.at);
      emit(std::forward<decltype(pair)>(pair));
    });
  }
};
template <class Timed, class FirstRow>
noted_pipe(const Timed&, event_steps&, FirstRow) -> noted_pipe<Timed, FirstRow>;

}  // namespace weir::stream
