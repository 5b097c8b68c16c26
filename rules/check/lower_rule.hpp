#pragma once

#include "rules/check/clauses.hpp"
#include "rules/check/scope.hpp"

namespace weir::rules {

/// Checks a rule and gives its meaning. After an error the result is incomplete, and not to be used.
rule lower_rule(const ast::rule_declaration& tree, std::uint32_t file, workplace& work);

/// The rule's text of a reason: words and expressions in turn.
std::vector<reason_part> lower_reason(const ast::reason_clause& tree, scope where, workplace& work);

/// A test's events and what it expects, with the events in the order of (at, line).
rule_test lower_test(const ast::test_clause& tree, std::uint32_t file, const rule& tested, workplace& work);

}  // namespace weir::rules
