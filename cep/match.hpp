#pragma once

#include <cstdint>
#include <span>

#include "cep/value.hpp"
#include "stream/event_log.hpp"

namespace weir::cep {

/// An event that a step of the pattern has bound.
struct bound_event {
  stream::event_handle handle{};
  std::uint16_t step = 0;

  friend bool operator==(const bound_event&, const bound_event&) = default;
};

/// A match that is to become an alert. The spans live in the engine until its next `advance`.
struct match {
  std::uint32_t pattern = 0;                // its index in the plan
  std::span<const stream::symbol> subject;  // one for each of the pattern's subjects
  stream::timestamp at;                     // of the last event, or of the deadline that passed
  std::span<const bound_event> events;      // in the order of the steps; those of a run oldest first
  std::span<const value> aggregates;        // every aggregate of the pattern, as of the end of the match
  std::span<const value> answers{};         // to every graph call of the pattern, as of the end of the match
  std::span<const stream::event_handle> graph_events{};  // the edges that make these, each once, in the stream's order
  bool truncated = false;                                // a search in a graph ended before it knew
  std::uint64_t suppressed = 0;                          // alerts kept back since the one before, for the same key
};

}  // namespace weir::cep
