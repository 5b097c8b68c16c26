#pragma once

#include "rules/syntax/expressions.hpp"

namespace weir::rules::syntax {

struct declaration_class;
struct rule_header_class;

using declaration_rule = x3::rule<declaration_class, ast::declaration>;       // all but rules
using rule_header_rule = x3::rule<rule_header_class, ast::rule_declaration>;  // up to its `{`

BOOST_SPIRIT_DECLARE(declaration_rule, rule_header_rule)

inline constexpr declaration_rule declaration{"a declaration"};
inline constexpr rule_header_rule rule_header{"a rule"};

}  // namespace weir::rules::syntax
