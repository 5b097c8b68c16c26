#pragma once

#include "rules/check/scope.hpp"

namespace weir::rules {

/// Gives a `raise` its meaning: its fields are those of the event, of their types, and none that it needs is missing.
/// `at_end` is what may be read where the match ends.
std::optional<raised_event> lower_raise(const ast::raise_clause& tree, const scope& at_end, workplace& work);

}  // namespace weir::rules
