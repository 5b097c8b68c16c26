#pragma once

#include <cstdint>
#include <vector>

#include "cep/match.hpp"

namespace weir::cep {

/// A match as its pattern finds it, before those of all patterns are put in order.
struct finding {
  stream::timestamp at;
  stream::event_handle end = stream::no_event;  // that it ends at; none: a deadline, which comes after all of its time
  stream::event_handle armed = stream::no_event;  // for a deadline: the event that set it
  std::uint64_t suppressed = 0;
  std::uint32_t pattern = 0;
  stream::symbol subject{};
  std::uint32_t first_event = 0;      // in findings::events
  std::uint32_t events = 0;           // how many
  std::uint32_t first_aggregate = 0;  // in findings::aggregates
  std::uint32_t aggregates = 0;
  std::uint32_t asked = 0;  // from 1, in findings::asked; 0: the pattern asks no graph
};

/// What graphs said where a match ends.
struct graph_finding {
  std::uint32_t first_answer = 0;  // in findings::answers
  std::uint32_t answers = 0;
  std::uint32_t first_event = 0;  // in findings::graph_events
  std::uint32_t events = 0;
  bool truncated = false;
};

struct findings {
  std::vector<finding> found;
  std::vector<bound_event> events;
  std::vector<value> aggregates;
  std::vector<graph_finding> asked;
  std::vector<value> answers;
  std::vector<stream::event_handle> graph_events;

  void clear() {
    found.clear();
    events.clear();
    aggregates.clear();
    asked.clear();
    answers.clear();
    graph_events.clear();
  }
};

}  // namespace weir::cep
