#pragma once

#include <span>

#include "cep/finding.hpp"
#include "cep/generation.hpp"
#include "cep/live_graphs.hpp"
#include "stream/event_log.hpp"

namespace weir::cep {

/// Takes the graphs and the patterns that ask them through the log's last batch together, event by event and deadline
/// by deadline in the order of time, and adds the matches that end there: so whoever asks at an event or a deadline
/// gets an answer as of it, wherever the batch was cut.
void walk_with_graphs(const stream::event_log& log, live_graphs& graphs, std::span<generation> patterns,
                      findings& into);

}  // namespace weir::cep
