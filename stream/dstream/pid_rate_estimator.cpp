#include "stream/dstream/pid_rate_estimator.hpp"

#include <algorithm>
#include <cassert>
#include <chrono>

namespace weir::stream {

namespace {

double seconds(duration d) { return std::chrono::duration<double>(d).count(); }

}  // namespace

pid_rate_estimator::pid_rate_estimator(pid_options options) : options_(options) {
  assert(options.batch_interval > duration::zero() && options.rate_min > 0);
  assert(options.proportional >= 0 && options.integral >= 0 && options.derivative >= 0);
}

std::optional<double> pid_rate_estimator::compute(timestamp batch_done_at, std::uint64_t rows,
                                                  duration processing_delay, duration scheduling_delay) {
  if (rows == 0 || processing_delay <= duration::zero() || (latest_at_ && batch_done_at <= *latest_at_)) return {};
  const double processing_rate = static_cast<double>(rows) / seconds(processing_delay);
  if (!latest_at_) {
    latest_at_ = batch_done_at;
    latest_rate_ = processing_rate;
    return {};
  }
  const double error = latest_rate_ - processing_rate;
  // A batch that waited has as many rows before it as are processed in that time. At this rate less, for the length of
  // a batch, there would have been none.
  const double historical_error = seconds(scheduling_delay) * processing_rate / seconds(options_.batch_interval);
  const double error_change = (error - latest_error_) / seconds(batch_done_at - *latest_at_);
  const double corrected = latest_rate_ - options_.proportional * error - options_.integral * historical_error -
                           options_.derivative * error_change;
  latest_at_ = batch_done_at;
  latest_error_ = error;
  latest_rate_ = std::max(corrected, options_.rate_min);
  return latest_rate_;
}

}  // namespace weir::stream
