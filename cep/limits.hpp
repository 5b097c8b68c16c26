#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "stream/dictionary.hpp"
#include "stream/event_log.hpp"

namespace weir::cep {

/// What happens where one more would be more than a limit allows: the oldest goes, or the new one is not taken; both
/// are counted. Or that is the end: of the run, at this event.
enum class limit_policy : std::uint8_t { evict, refuse, stop };

struct state_limit {
  std::uint32_t most = 0;  // at least 1
  limit_policy policy = limit_policy::evict;

  friend bool operator==(const state_limit&, const state_limit&) = default;
};

/// How much a pattern may hold, counted in the order of events (docs/semantics.md, "Limits"): never in bytes, which
/// depend on how the stream was cut.
struct state_limits {
  std::optional<state_limit> events;    // of one subject
  std::optional<state_limit> subjects;  // that hold an event

  bool any() const { return events || subjects; }
  bool may_stop() const {
    const auto stops = [](const std::optional<state_limit>& limit) {
      return limit && limit->policy == limit_policy::stop;
    };
    return stops(events) || stops(subjects);
  }
  friend bool operator==(const state_limits&, const state_limits&) = default;
};

/// Where a limit whose policy is `stop` was reached.
struct limit_stop {
  stream::event_handle event = stream::no_event;  // that was one too many
  stream::timestamp at;
  std::uint32_t pattern = 0;
  std::vector<stream::symbol> subject{};  // that it came to: one for each of the pattern's
  bool of_subjects = false;               // it was the limit of subjects; else of one subject's events
  std::uint32_t most = 0;
};

}  // namespace weir::cep
