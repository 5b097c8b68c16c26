#include "stream/dstream/clock.hpp"

#include <chrono>

namespace weir::stream {

timestamp system_clock::now() { return std::chrono::floor<duration>(std::chrono::system_clock::now()); }

void system_clock::wait(timestamp until, const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  stopped_.wait_until(lock, stop, until, [] { return false; });
}

timestamp manual_clock::now() {
  const std::lock_guard lock(mutex_);
  return now_;
}

void manual_clock::wait(timestamp until, const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  advanced_.wait(lock, stop, [&] { return now_ >= until; });
}

void manual_clock::advance(duration by) {
  {
    const std::lock_guard lock(mutex_);
    now_ += by;
  }
  advanced_.notify_all();
}

}  // namespace weir::stream
