#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace weir::app {

/// What a person wants to see of an alert, read from its JSON.
struct alert_line {
  std::string time;  // the event time, RFC 3339
  std::string severity;
  std::string rule;
  std::string mode;  // live or shadow
  std::string subject;
  std::string reason;
};

/// Nothing when the text is no alert of Weir's.
std::optional<alert_line> read_alert_line(std::string_view json);

/// "2024-05-01 10:00:00  high      card_testing  C1  a 1.00 EUR test, then 900.00 EUR 9m later".
std::string render(const alert_line& alert, bool colour);

}  // namespace weir::app
