#pragma once

#include "rules/syntax/expressions.hpp"

namespace weir::rules::syntax {

struct primary_class : annotated {};

using primary_rule = x3::rule<primary_class, ast::expression>;  // what operators join

BOOST_SPIRIT_DECLARE(primary_rule)

inline constexpr primary_rule primary{"a value"};

}  // namespace weir::rules::syntax
