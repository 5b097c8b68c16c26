#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "stream/time.hpp"

namespace weir::stream {

/// The moment of one call of a `map_with_state` function.
struct state_moment {
  timestamp now{};             // the row's, the timer's or the time-out's
  timestamp reached{};         // up to here all timers have fired
  bool is_timing_out = false;  // the call is a time-out's
  bool is_last = false;        // time has ended: no timer will fire any more
};

/// What a function of `map_with_state` sees of its key: the state, which it may read, change or remove, and one timer.
/// Good for the call. Wrong uses throw std::logic_error, as they do in Spark.
template <class S>
class state_cell {
 public:
  bool exists() const { return state_ != nullptr; }
  /// The state, which may be changed in place.
  S& get() {
    must(exists(), "get: the key has no state");
    return *state_;
  }
  std::optional<S> get_option() const { return exists() ? std::optional<S>(*state_) : std::nullopt; }

  void update(S state) {
    must(!moment_.is_timing_out, "update: the key is timing out");
    must(!removed_, "update: the state has been removed");
    if (state_ != nullptr) {
      *state_ = std::move(state);
    } else {
      state_ = &fresh_.emplace(std::move(state));
    }
  }
  /// Forgets the key, with its timer.
  void remove() {
    must(!moment_.is_timing_out, "remove: the key is timing out");
    must(!removed_, "remove: the state has been removed");
    removed_ = true;
    state_ = nullptr;
  }

  /// The key was idle for too long: this is the last call with its state, which is removed afterwards.
  bool is_timing_out() const { return moment_.is_timing_out; }
  /// The row's time (by batch time, its batch's), or the one for which the timer or the time-out was set.
  timestamp now() const { return moment_.now; }

  /// The function is called without a value when time reaches `at`; if it has already, then a microsecond later. A key
  /// has one timer, so this moves it; it goes when it fires, and with the state. Without a state there is none.
  void wake_at(timestamp at) {
    must(!moment_.is_timing_out, "wake_at: the key is timing out");
    wake_ = std::max(at, saturating_add(moment_.reached, duration{1}));
    if (moment_.is_last) wake_ = end_of_time;
    wake_changed_ = true;
  }
  void cancel_wake() {
    wake_ = end_of_time;
    wake_changed_ = true;
  }
  std::optional<timestamp> wakes_at() const { return wake_ == end_of_time ? std::nullopt : std::optional(wake_); }

 private:
  template <class, class>
  friend class state_shard;

  state_cell(S* state, timestamp wake, const state_moment& moment) : state_(state), wake_(wake), moment_(moment) {}

  static void must(bool good, const char* text) {
    if (!good) throw std::logic_error(text);
  }

  S* state_;
  std::optional<S> fresh_{};  // of a key that had none
  timestamp wake_;
  bool wake_changed_ = false;
  bool removed_ = false;
  const state_moment& moment_;
};

/// What `map_with_state` is given beside its function.
template <class K, class S>
struct state_options {
  /// States before the first batch, in this order; of two for one key the first counts. Their keys are idle from the
  /// first row's time on, or from the first batch.
  std::vector<std::pair<K, S>> initial{};
  /// A key that has had no row for so long is called once more with `is_timing_out`, and its state is removed.
  std::optional<duration> timeout{};
};

/// Timers and time-outs by batch time: after the rows of the first batch whose time has reached theirs.
struct by_batch_time {};

/// Timers and time-outs by the time of a stream whose rows come in the order of time.
struct by_stream_time {};

/// Timers and time-outs by the time that rows have, `time_of(row)` (or of its parts). The watermark is `lateness`
/// behind the greatest time so far, row by row; rows older than it are late, set aside and counted.
template <class TimeOf>
struct by_event_time {
  TimeOf time_of;
  duration lateness{};
};
template <class TimeOf>
by_event_time(TimeOf) -> by_event_time<TimeOf>;
template <class TimeOf>
by_event_time(TimeOf, duration) -> by_event_time<TimeOf>;

}  // namespace weir::stream
