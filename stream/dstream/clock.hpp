#pragma once

#include <condition_variable>
#include <mutex>
#include <stop_token>

#include "stream/time.hpp"

namespace weir::stream {

/// Where a context's time comes from: the one place in this library that time is not given as a parameter. Any thread.
class batch_clock {
 public:
  virtual ~batch_clock() = default;
  virtual timestamp now() = 0;
  /// Returns when it is `until`, or a stop is requested.
  virtual void wait(timestamp until, const std::stop_token& stop) = 0;
};

/// The machine's time.
class system_clock final : public batch_clock {
 public:
  timestamp now() override;
  void wait(timestamp until, const std::stop_token& stop) override;

 private:
  std::mutex mutex_;
  std::condition_variable_any stopped_;
};

/// A time that stands still until it is advanced: for tests.
class manual_clock final : public batch_clock {
 public:
  explicit manual_clock(timestamp now = {}) : now_(now) {}

  timestamp now() override;
  void wait(timestamp until, const std::stop_token& stop) override;
  void advance(duration by);

 private:
  std::mutex mutex_;
  std::condition_variable_any advanced_;
  timestamp now_;
};

}  // namespace weir::stream
