#pragma once

#include <cstdint>
#include <span>

#include "cep/value.hpp"
#include "stream/event_log.hpp"

namespace weir::cep {

/// A match that is to become an alert. The spans live in the engine until its next `advance`.
struct match {
  std::uint32_t pattern = 0;                     // its index in the plan
  stream::symbol subject{};                      // no meaning for a pattern without one
  stream::timestamp at;                          // of the last event, or of the deadline that passed
  std::span<const stream::event_handle> events;  // one a step
  std::span<const value> aggregates;             // every aggregate of the pattern, as of the end of the match
  std::uint64_t suppressed = 0;                  // alerts kept back since the one before, for the same key
};

}  // namespace weir::cep
