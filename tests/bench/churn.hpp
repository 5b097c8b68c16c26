#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace weir::bench {

/// Payments one every `step_ms` of event time, of cards that come and go: each makes some five within ten minutes and
/// none ever after.
struct churn_options {
  std::uint64_t step_ms = 10;
  unsigned hours = 24;
};

/// What is held at the end of an hour of event time.
struct churn_hour {
  std::size_t live_subjects = 0;   // cards that have a state
  std::size_t log_bytes = 0;       // of events that rules may still read
  std::size_t resident_bytes = 0;  // of the whole process
};

struct churn_outcome {
  std::vector<churn_hour> hours;
  std::array<std::uint64_t, 4> alerts{};
  std::array<std::uint64_t, 4> expected{};  // by brute force
  double seconds = 0;                       // of making, decoding and matching all events
};

/// Runs the four reference rules over them in this process, from NDJSON to matches, with one thread.
churn_outcome run_churn(const churn_options& options);

/// What is held more in the second half of the hours than in the first, beyond some slack, in words; nothing when
/// memory is flat. The first two hours don't count: the longest window is an hour.
std::vector<std::string> grown(const churn_outcome& outcome);

}  // namespace weir::bench
