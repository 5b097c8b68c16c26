#pragma once

#include "rules/syntax/expressions.hpp"

namespace weir::rules::syntax {

struct on_class : annotated {};
struct match_class : annotated {};

using on_rule = x3::rule<on_class, ast::on_clause>;
using match_rule = x3::rule<match_class, ast::match_clause>;

BOOST_SPIRIT_DECLARE(on_rule, match_rule)

inline constexpr on_rule on{"`on`"};
inline constexpr match_rule match{"`match`"};

}  // namespace weir::rules::syntax
