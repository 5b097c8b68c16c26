#pragma once

#include <span>
#include <string>
#include <vector>

#include "rules/sigma/document.hpp"
#include "rules/sigma/fields.hpp"

namespace weir::sigma {

/// A rule's condition, as a `let` of the file that is written.
struct shared_condition {
  event_plan* event = nullptr;
  std::string name;
};

struct joined_rule {
  const rule* from = nullptr;
  shared_condition* condition = nullptr;
};

/// Tells the plans how the correlation uses the fields of a rule that it names.
void note_uses(const correlation& from, const rule& named, event_plans& plans);

/// Throws `cannot_say` where the correlation lacks what its type needs, or asks for what cannot be said.
void check(const correlation& from, std::size_t rules);

/// The rule that says the correlation, from behind its name on: ` for User {` to the closing brace. Throws
/// `cannot_say`. The fields that it reads are added to `read`.
std::string correlation_body(const correlation& from, std::span<const joined_rule> rules, event_plans& plans,
                             std::vector<field_plan*>& read);

}  // namespace weir::sigma
