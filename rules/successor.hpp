#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "rules/program.hpp"
#include "rules/reload.hpp"

namespace weir::rules {

/// Which events reach a run from outside.
struct decoded_events {
  std::vector<std::string> named{};  // of sources that give one event each
  bool any = false;                  // some source names the event in each record
};

/// A set of rules that goes on where another one is running.
struct successor {
  /// The new set, with the numbers that the running one has given to events, fields, entities, lists, tables and
  /// models; what only the running one declared is still there, lists and tables empty and without a path. Without
  /// tests and written conditions, which are for tools.
  program rules;
  /// By active rule: the active rule of the running set whose state it goes on with, one of its name that looks for the
  /// same, whatever else is said about it. None: it begins with nothing.
  std::vector<std::optional<std::uint32_t>> kept;
  /// Rules that look for the same as before and yet begin with nothing, since they now come after a rule that raises
  /// what they match.
  std::vector<std::string> begun_again;
  /// Lists and tables that the running set has with other contents: for detector::update and alert_writer::update,
  /// after the replacement.
  reloaded changed;
};

/// Makes the freshly compiled set the running one's successor. What sources decode stays as it is while they run, so
/// where the sets differ in that there is no successor; the error is a list of what would need a restart.
std::expected<successor, std::vector<std::string>> succeed(const program& running, program fresh,
                                                           const decoded_events& decoded);

}  // namespace weir::rules
