#pragma once

#include <span>
#include <string>

#include "rules/program.hpp"
#include "tests/support/oracle.hpp"

namespace weir::testing {

/// Where two runs' alerts differ, for a person; empty when they agree: same alerts, order, events, values and counts of
/// suppressed ones. Values are equal, but for the tolerances that the expected alerts of the oracle give.
std::string difference(std::span<const plain_alert> expected, std::span<const plain_alert> actual,
                       const rules::program& program, std::span<const plain_event> events);

/// An alert on one line, and below it the events that it bound.
std::string to_text(const plain_alert& alert, const rules::program& program, std::span<const plain_event> events);

std::string to_text(const naive_value& value);

}  // namespace weir::testing
