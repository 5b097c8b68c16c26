#pragma once

#include <optional>
#include <utility>

#include <boost/fusion/include/adapt_struct.hpp>
#include <boost/spirit/home/x3.hpp>

#include "rules/syntax/ast.hpp"

// An operand with what may follow it becomes the least tree that says the same: a chain without links is its first
// operand, a comparison without a tail is its operand.
namespace weir::rules::syntax {

struct between_tail : ast::located {  // `between low and high`
  ast::expression low;
  ast::expression high;
};
struct membership_tail : ast::located {  // `in list`, `not in list`
  bool negated = false;
  ast::collection within;
};
struct missing_tail : ast::located {  // `is missing`, `is not missing`
  bool negated = false;
};
using comparison_tail = ast::x3::variant<ast::link, between_tail, membership_tail, missing_tail>;

struct comparison_parts : ast::located {
  ast::expression operand;
  std::optional<comparison_tail> tail;
};

ast::expression fold(ast::chain&& written);
ast::expression fold(comparison_parts&& written);

template <typename Written>
struct folded {
  using type = Written;
  static Written pre(ast::expression&) { return {}; }
  static void post(ast::expression& tree, Written&& written) { tree = fold(std::move(written)); }
};

}  // namespace weir::rules::syntax

BOOST_FUSION_ADAPT_STRUCT(weir::rules::syntax::between_tail, low, high)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::syntax::membership_tail, negated, within)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::syntax::missing_tail, negated)
BOOST_FUSION_ADAPT_STRUCT(weir::rules::syntax::comparison_parts, operand, tail)

namespace boost::spirit::x3::traits {

template <>
struct transform_attribute<weir::rules::ast::expression, weir::rules::ast::chain, parser_id>
    : weir::rules::syntax::folded<weir::rules::ast::chain> {};

template <>
struct transform_attribute<weir::rules::ast::expression, weir::rules::syntax::comparison_parts, parser_id>
    : weir::rules::syntax::folded<weir::rules::syntax::comparison_parts> {};

}  // namespace boost::spirit::x3::traits
