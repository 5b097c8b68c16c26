#pragma once

#include <span>
#include <vector>

#include "rules/program.hpp"
#include "tests/support/oracle.hpp"

namespace weir::testing {

/// The alerts of a program's active rules, by the definitions: the events that rules raise reach the rules that match
/// them. A raised event has a place behind all events of the stream: `events.size()` and the number of its alert.
std::vector<plain_alert> find_alerts(const rules::program& program, std::span<const plain_event> events,
                                     stream::timestamp final_watermark = stream::end_of_time);

}  // namespace weir::testing
