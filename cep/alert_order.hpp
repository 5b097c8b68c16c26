#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cep/finding.hpp"
#include "stream/event_log.hpp"

namespace weir::cep {

/// Whether two findings stand at one place of the order: matches of one pattern that end alike, for several subjects or
/// under `emit all`.
bool at_one_place(const finding& a, const finding& b);

/// Puts a batch's findings in the order of alerts: (time, source, position, pattern), a passed deadline after the
/// events of its time.
class alert_order {
 public:
  /// The places of the findings, in order; what is equal stays as it was found. Valid until the next call.
  std::span<std::uint32_t> sort(std::span<const finding> found, const stream::event_log& log);

 private:
  void sort_by_place(std::span<const finding> found, const stream::event_log& log);

  std::vector<std::uint32_t> order_;
  std::vector<std::uint32_t> ends_;  // of what belongs to an event, or behind it
};

}  // namespace weir::cep
