#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "stream/time.hpp"

namespace weir::stream {

/// What one batch took and what it cost.
struct batch_progress {
  struct input {
    std::string name;
    std::uint64_t rows = 0;
    std::uint64_t bytes = 0;
    std::uint64_t set_aside = 0;                // since the start
    std::optional<double> rows_a_second_max{};  // what back-pressure allowed
    std::uint64_t failures = 0;                 // of its receiver, since the start; it is called again after each
    std::string last_failure{};
  };

  std::uint64_t number = 0;
  timestamp time{};
  bool replayed = false;
  std::vector<input> inputs{};
  duration scheduling_delay{};  // from the batch's time until it was begun
  duration processing_time{};
  double input_rows_a_second = 0;        // by the batch interval
  double processed_rows_a_second = 0;    // by the processing time
  std::optional<timestamp> watermark{};  // the least of all operators that look at event time
  std::uint64_t late_rows = 0;           // since the start
  std::uint64_t state_rows = 0;
  std::uint64_t state_bytes = 0;

  std::uint64_t rows() const;
};

/// A listener that writes a line when a source has failed: "source words: localhost:9999: Connection refused".
std::function<void(const batch_progress&)> tell_failures(std::ostream& out);

/// One line of JSON, without its end. Times are RFC 3339, durations milliseconds.
std::string to_json(const batch_progress& progress);

}  // namespace weir::stream
