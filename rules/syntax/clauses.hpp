#pragma once

#include "rules/syntax/expressions.hpp"

namespace weir::rules::syntax {

struct clause_class;

using clause_rule = x3::rule<clause_class, ast::clause>;

BOOST_SPIRIT_DECLARE(clause_rule)

inline constexpr clause_rule clause{"a clause"};

}  // namespace weir::rules::syntax
