#pragma once

#include "rules/syntax/literals.hpp"

namespace weir::rules::syntax {

struct test_class : annotated {};

using test_rule = x3::rule<test_class, ast::test_clause>;

BOOST_SPIRIT_DECLARE(test_rule)

inline constexpr test_rule test{"a test"};

}  // namespace weir::rules::syntax
