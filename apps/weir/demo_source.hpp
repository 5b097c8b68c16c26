#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <thread>

namespace weir::app {

/// A moment of the generated days, which count in milliseconds.
using demo_time = std::chrono::sys_time<std::chrono::milliseconds>;

struct demo_pace {
  std::uint64_t seed = 0;
  std::uint64_t events_a_second = 0;
  std::chrono::milliseconds lasting{0};
  demo_time ends_at{};  // the event time that the last event is to have, about
};

/// The events of a bank, written into a pipe at a steady rate by a thread of its own, until the time is over or nobody
/// reads any more. The days before `ends_at` pass as fast as the rate makes them.
class demo_source {
 public:
  /// Throws `failure` when the pace asks for more days than there are.
  explicit demo_source(const demo_pace& pace);
  ~demo_source();
  demo_source(const demo_source&) = delete;
  demo_source& operator=(const demo_source&) = delete;

  /// Where the pipe can be opened for reading.
  std::string path() const;
  /// The event time of the first event.
  demo_time begins_at() const { return begins_at_; }

  /// Begins to write.
  void start();

 private:
  void write_events();

  demo_pace pace_;
  std::uint64_t first_ = 0;  // the number of the first event in the bank's stream
  std::int64_t shift_ms_ = 0;
  demo_time begins_at_;
  int reading_end_ = -1;
  int writing_end_ = -1;
  std::thread writer_;
};

}  // namespace weir::app
