#pragma once

#include <cstdint>
#include <vector>

#include "cep/value.hpp"
#include "stream/event_log.hpp"

namespace weir::cep {

/// What a graph says to a question.
struct graph_answer {
  value result;                              // missing where there is none, or a truncated search leaves it open
  std::vector<stream::event_handle> events;  // that make a pattern of edges, in the stream's order
  bool truncated = false;
};

/// Stands for the handle of the event that was put into the graph last.
inline constexpr std::int64_t last_event = -1;

}  // namespace weir::cep
