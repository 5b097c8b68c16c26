#pragma once

#include "rules/syntax/literals.hpp"

namespace weir::rules::syntax {

struct expression_class : annotated {};
struct operand_class : annotated {};

using expression_rule = x3::rule<expression_class, ast::expression>;
using operand_rule = x3::rule<operand_class, ast::expression>;  // what a comparison compares: no `and`, `or`, `=`

BOOST_SPIRIT_DECLARE(expression_rule, operand_rule)

inline constexpr expression_rule expression{"an expression"};
inline constexpr expression_rule condition{"a condition"};
inline constexpr operand_rule operand{"a value"};

}  // namespace weir::rules::syntax
