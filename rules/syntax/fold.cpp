#include "rules/syntax/fold.hpp"

namespace weir::rules::syntax {

namespace {

template <typename Node>
ast::expression placed(Node node, ast::located where) {
  static_cast<ast::located&>(node) = where;
  ast::expression tree(std::move(node));
  static_cast<ast::located&>(tree) = where;
  return tree;
}

ast::expression negated(bool negate, ast::expression condition, ast::located where) {
  if (!negate) return condition;
  ast::unary node;
  node.op = ast::unary_operator::logical_not;
  node.operand = std::move(condition);
  return placed(std::move(node), where);
}

/// Puts an operand and its tail together. `where` is the place of both.
struct joiner {
  ast::expression& operand;
  ast::located where;

  ast::expression operator()(ast::link& tail) const {
    ast::chain node;
    node.first = std::move(operand);
    node.rest.push_back(std::move(tail));
    return placed(std::move(node), where);
  }
  ast::expression operator()(between_tail& tail) const {
    ast::between node;
    node.operand = std::move(operand);
    node.low = std::move(tail.low);
    node.high = std::move(tail.high);
    return placed(std::move(node), where);
  }
  ast::expression operator()(membership_tail& tail) const {
    ast::membership node;
    node.operand = std::move(operand);
    node.within = std::move(tail.within);
    return negated(tail.negated, placed(std::move(node), where), where);
  }
  ast::expression operator()(missing_tail& tail) const {
    ast::missing_test node;
    node.operand = std::move(operand);
    return negated(tail.negated, placed(std::move(node), where), where);
  }
};

}  // namespace

ast::expression fold(ast::chain&& written) {
  if (written.rest.empty()) return std::move(written.first);
  const ast::located where = written;
  return placed(std::move(written), where);
}

ast::expression fold(comparison_parts&& written) {
  if (!written.tail) return std::move(written.operand);
  return boost::apply_visitor(joiner{written.operand, written}, written.tail->get());
}

}  // namespace weir::rules::syntax
