#pragma once

#include <algorithm>
#include <optional>

#include "stream/time.hpp"

namespace weir::stream {

/// The clock of one source: the greatest time it has shown, and its watermark, the lateness behind it. A value; pure.
class source_clock {
 public:
  /// No lateness: every event of the source is awaited; the watermark stays at the start of time.
  explicit source_clock(std::optional<duration> lateness) : lateness_(lateness) {}

  /// The greatest time seen; `start_of_time` before the first event.
  timestamp greatest() const { return greatest_; }
  /// An event before it is late.
  timestamp watermark() const { return watermark_; }

  /// By how much an event at `at` is late, if it is.
  std::optional<duration> late_by(timestamp at) const {
    if (at >= watermark_) return std::nullopt;
    return watermark_ - at;
  }
  /// An event in time has been seen.
  void see(timestamp at) {
    if (at <= greatest_) return;
    greatest_ = at;
    if (lateness_) watermark_ = std::max(watermark_, saturating_add(at, -*lateness_));
  }
  /// Events before `floor` are late from now on: the source was idle, and the stream has gone on without it.
  void raise(timestamp floor);

 private:
  std::optional<duration> lateness_;
  timestamp greatest_ = start_of_time;
  timestamp watermark_ = start_of_time;
};

}  // namespace weir::stream
