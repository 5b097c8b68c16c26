#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "cep/engine.hpp"
#include "cep/pattern.hpp"
#include "tests/support/naive_evaluator.hpp"
#include "tests/support/plain_event.hpp"

namespace weir::testing {

/// An event of a match: its place in the stream, and the step that bound it.
struct plain_bound {
  std::size_t place = 0;
  std::size_t step = 0;

  friend bool operator==(const plain_bound&, const plain_bound&) = default;
};

/// What becomes an alert, in plain values: comparable whether the oracle or the engine found it.
struct plain_alert {
  std::uint32_t pattern = 0;
  std::vector<std::string> subject{};  // one for each of the pattern's subjects
  stream::timestamp at;
  std::vector<plain_bound> events{};      // in the order of the steps; those of a run oldest first
  std::vector<naive_value> aggregates{};  // and what graphs said
  std::uint64_t suppressed = 0;
  // The oracle's alone: what an engine's aggregates may differ by, where floats are summed; else zero.
  std::vector<double> tolerances{};
};

/// The whole input of a run, in the stream's order.
struct plain_run {
  const stream::schema& types;
  std::span<const cep::pattern> patterns;
  const cep::reference_data& data;
  std::span<const plain_event> events;
  stream::timestamp final_watermark = stream::end_of_time;  // drained; without draining the greatest time seen
};

/// The alerts of a run by the definitions of the language, found with no cleverness: every choice of events is
/// tried, every window is read anew. For tests of small streams.
std::vector<plain_alert> find_alerts(const plain_run& run);

/// What limits let go and keep out, by pattern; all else in the counters is zero.
std::vector<cep::pattern_counters> find_limited(const plain_run& run);

}  // namespace weir::testing
