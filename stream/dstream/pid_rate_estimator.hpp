#pragma once

#include <cstdint>
#include <optional>

#include "stream/time.hpp"

namespace weir::stream {

/// How strongly a bound on the rate is corrected. The defaults are Spark Streaming's.
struct pid_options {
  duration batch_interval{};  // more than zero
  double proportional = 1.0;  // of the difference between the last bound and what was processed
  double integral = 0.2;      // of the rows that are waiting, spread over a batch interval
  double derivative = 0.0;    // of the change of that difference, a second
  double rate_min = 100;      // rows a second, more than zero: with no rows nothing could be learnt
};

/// How many rows a second a source is to give at most, learnt from how batches went: a PID controller with the terms of
/// Spark Streaming's PIDRateEstimator. One for each source; one thread.
class pid_rate_estimator {
 public:
  /// The weights are not negative.
  explicit pid_rate_estimator(pid_options options);

  /// Takes how a batch went: when it was done, the rows of this source in it, how long it was worked on, and how long
  /// it had waited before. Gives the new bound, in rows a second. Nothing for the first batch, which is only what the
  /// next is measured by, and for one that says nothing: no rows, no time worked, or no later than the one before.
  std::optional<double> compute(timestamp batch_done_at, std::uint64_t rows, duration processing_delay,
                                duration scheduling_delay);

 private:
  pid_options options_;
  std::optional<timestamp> latest_at_;
  double latest_rate_ = 0;   // rows a second
  double latest_error_ = 0;  // rows a second
};

}  // namespace weir::stream
