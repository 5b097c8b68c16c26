#pragma once

#include <expected>
#include <string>
#include <vector>

#include "apps/weir/explain/alert_record.hpp"
#include "apps/weir/explain/judged.hpp"

namespace weir::explain {

/// A step or an absence of the rule, and what the alert has of it.
struct explained_part {
  std::string what;                          // "small: payment"
  std::vector<std::string> events;           // "p1 at 2024-05-01T08:00:00Z: card C1, amount 0.50 EUR"
  std::vector<judged_condition> conditions;  // of the last of them
};

/// Why there is an alert: the rule as it is written, with the values that the alert tells.
struct alert_explanation {
  std::string id;
  std::string rule;
  std::string place;    // of the rule: "cards.weir:19"
  std::string subject;  // "card C1", or empty
  std::string event_time;
  std::string reason;
  std::vector<explained_part> parts;
  std::vector<judged_condition> limits;  // "within 10m: 9m from the first event to the last"
  std::vector<judged_condition> at_end;
  std::uint64_t suppressed = 0;
  std::vector<std::string> warnings;  // where the rules at hand are not those that raised it
};

/// The error says why alert and rules do not go together.
std::expected<alert_explanation, std::string> explain(const alert_record& alert, const rules::program& program,
                                                      const std::vector<rules::source_file>& files);

std::string as_text(const alert_explanation& e);
std::string as_json(const alert_explanation& e);

}  // namespace weir::explain
