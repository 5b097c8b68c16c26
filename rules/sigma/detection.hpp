#pragma once

#include <string>

#include "rules/sigma/document.hpp"
#include "rules/sigma/fields.hpp"
#include "rules/sigma/term.hpp"

namespace weir::sigma {

/// Tells the plans how the rule uses the fields of its event. Never fails: what cannot be read has no use.
void note_uses(const rule& from, event_plans& plans);

/// What a rule asks of an event, with every field behind `prefix` ("e."). Throws `cannot_say`. The fields that it reads
/// are added to `read`.
term detection_of(const rule& from, event_plans& plans, const std::string& prefix, std::vector<field_plan*>& read);

}  // namespace weir::sigma
