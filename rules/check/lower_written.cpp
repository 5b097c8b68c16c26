#include "rules/check/lower_written.hpp"

#include <boost/variant/get.hpp>

#include <utility>

namespace weir::rules {
namespace {

// Of a condition: what a person reads. A thousand times as much could only slow the checker down.
constexpr std::size_t nodes_max = 20'000;

std::size_t nodes_of(const cep::expression& e) {
  std::size_t nodes = 1;
  for (const auto& arg : e.args) nodes += nodes_of(arg);
  return nodes;
}

written_expression::form form_of(const ast::expression& e) {
  using form = written_expression::form;
  const auto& v = e.get();
  const bool literal = boost::get<ast::number_literal>(&v) != nullptr || boost::get<ast::text_literal>(&v) != nullptr ||
                       boost::get<ast::duration_literal>(&v) != nullptr ||
                       boost::get<ast::boolean_literal>(&v) != nullptr;
  if (literal) return form::literal;
  const auto* chain = boost::get<boost::spirit::x3::forward_ast<ast::chain>>(&v);
  if (chain == nullptr || chain->get().rest.empty()) return form::other;
  return chain->get().rest.front().op == ast::binary_operator::logical_and ? form::conjunction : form::other;
}

}  // namespace

void note_written(const ast::expression& e, const cep::expression& means, std::uint32_t file, workplace& work) {
  auto& noted = *work.written;
  const auto nodes = nodes_of(means);
  if (work.written_nodes + nodes > nodes_max) return;
  work.written_nodes += nodes;
  noted.expressions.push_back({.where = span_of(file, e), .is = form_of(e), .means = means});
}

lowered lower_written(const ast::expression& e, const scope& where, workplace& work, written_condition::clause clause,
                      std::size_t event) {
  written_condition noted{.says = clause, .event = event, .expressions = {}};
  work.written = &noted;
  work.written_nodes = 0;
  auto result = expression_lowering(where, work).condition(e);
  work.written = nullptr;
  // A part that had no room any more may have been the condition itself.
  const bool whole = !noted.expressions.empty() && noted.whole().where == span_of(where.file, e);
  if (result && !whole) noted.expressions = {{.where = span_of(where.file, e), .means = *result}};
  if (result) work.conditions.push_back(std::move(noted));
  return result;
}

}  // namespace weir::rules
