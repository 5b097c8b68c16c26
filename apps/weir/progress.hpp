#pragma once

#include <chrono>
#include <cstdint>

namespace weir::app {

/// A bar on standard error that shows how much of a bounded input has been read. Draws at most ten times a second.
class progress_bar {
 public:
  using clock = std::chrono::steady_clock;

  /// Draws nothing where it is not `shown`.
  explicit progress_bar(bool shown) : shown_(shown), began_(clock::now()) {}
  ~progress_bar() { clear(); }
  progress_bar(const progress_bar&) = delete;
  progress_bar& operator=(const progress_bar&) = delete;

  void show(std::uint64_t done_bytes, std::uint64_t total_bytes, std::uint64_t events);
  /// Wipes the bar away, so that other lines can be written.
  void clear();

 private:
  bool shown_;
  bool drawn_ = false;
  clock::time_point began_;
  clock::time_point last_{};
};

}  // namespace weir::app
