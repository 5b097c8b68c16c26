#include "rules/check/lower_expression.hpp"

#include <boost/variant/apply_visitor.hpp>

#include "rules/check/literals.hpp"
#include "rules/check/lower_written.hpp"

namespace weir::rules {
namespace {

using cep::operation;
using cep::unit;
using cep::value_kind;
using binary = ast::binary_operator;

operation operation_of(binary op) {
  switch (op) {
    case binary::logical_or: return operation::logical_or;
    case binary::logical_and: return operation::logical_and;
    case binary::equal: return operation::equal;
    case binary::not_equal: return operation::not_equal;
    case binary::less: return operation::less;
    case binary::less_equal: return operation::less_equal;
    case binary::greater: return operation::greater;
    case binary::greater_equal: return operation::greater_equal;
    case binary::or_default: return operation::or_default;
    case binary::add: return operation::add;
    case binary::subtract: return operation::subtract;
    case binary::multiply: return operation::multiply;
    case binary::divide: return operation::divide;
  }
  return operation::literal;
}

constexpr std::size_t operators_max = 2'000;

bool is_logical(binary op) { return op == binary::logical_or || op == binary::logical_and; }

bool is_arithmetic(binary op) {
  return op == binary::add || op == binary::subtract || op == binary::multiply || op == binary::divide;
}

template <class... Args>
cep::expression node(operation op, const cep::value_type& type, Args&&... args) {
  cep::expression e;
  e.op = op;
  e.type = type;
  e.args.reserve(sizeof...(args));
  (e.args.push_back(std::forward<Args>(args)), ...);
  return e;
}

ast::located joined(ast::located first, ast::located last) { return {first.begin, last.end}; }

// A plain number beside something that has a unit or is a name: how the writer may have meant it.
std::string spelling_hint(const cep::expression& number, const cep::value_type& beside) {
  const bool plain = is_literal(number) && number.type.kind == value_kind::exact && number.type.unit == unit::none;
  if (!plain) return {};
  const auto digits = cep::to_text(std::get<cep::int128>(number.constant), number.type.digits);
  if (is_number(beside) && beside.unit == unit::money) {
    return "write " + digits + " " + std::string(stream::code_of(beside.currency));
  }
  if (is_number(beside) && beside.unit == unit::duration) return "write a duration: " + digits + "s";
  if (beside.kind == value_kind::text || beside.kind == value_kind::entity) return "write \"" + digits + "\"";
  return {};
}

type_mismatch with_spelling(type_mismatch why, const cep::expression& left, const cep::expression& right) {
  if (why.hint.empty()) why.hint = spelling_hint(right, left.type);
  if (why.hint.empty()) why.hint = spelling_hint(left, right.type);
  return why;
}

}  // namespace

lowered expression_lowering::lower(const ast::expression& e) {
  auto result = boost::apply_visitor(*this, e.get());
  if (result && work_.written != nullptr && !scope_.inside_let()) note_written(e, *result, scope_.file, work_);
  return result;
}

lowered expression_lowering::condition(const ast::expression& e) {
  auto result = lower(e);
  if (!result || !is_condition(*result, e)) return std::nullopt;
  return result;
}

bool expression_lowering::is_condition(const cep::expression& e, ast::located place) {
  if (e.type.kind == value_kind::boolean) return true;
  complain(place, "expected a condition, found " + noun(e.type, schema()));
  return false;
}

lowered expression_lowering::complain(ast::located place, std::string message, std::string hint) {
  const auto [where, words] = shown(place, std::move(message));
  work_.found.error(where, words, std::move(hint));
  return std::nullopt;
}

lowered expression_lowering::complain_unknown(ast::located place, std::string message, std::string hint) {
  const auto [where, words] = shown(place, std::move(message));
  work_.found.unknown(where, words, std::move(hint));
  return std::nullopt;
}

// What is found while a let is put in place is shown at its call.
std::pair<source_span, std::string> expression_lowering::shown(ast::located place, std::string message) const {
  if (!scope_.call) return {span_of(scope_.file, place), std::move(message)};
  return {*scope_.call, "in " + quoted(scope_.let->tree->name.name) + ": " + message};
}

lowered expression_lowering::from(std::expected<cep::expression, type_mismatch> result, ast::located place) {
  if (!result) return complain(place, std::move(result.error().message), std::move(result.error().hint));
  return *std::move(result);
}

lowered expression_lowering::operator()(const ast::number_literal& e) { return from(number_value(e), e); }

lowered expression_lowering::operator()(const ast::duration_literal& e) { return from(duration_value(e), e); }

lowered expression_lowering::operator()(const ast::text_literal& e) {
  return literal({.kind = value_kind::text}, e.value);
}

lowered expression_lowering::operator()(const ast::boolean_literal& e) { return literal(boolean_type, e.value); }

lowered expression_lowering::operator()(const ast::unary& e) {
  if (e.op == ast::unary_operator::logical_not) {
    auto operand = condition(e.operand);
    if (!operand) return std::nullopt;
    return folded(node(operation::logical_not, boolean_type, *std::move(operand)));
  }
  auto operand = lower(e.operand);
  if (!operand) return std::nullopt;
  if (!is_number(operand->type) || operand->type.unit == unit::time) {
    return complain(e, noun(operand->type, schema()) + " can't be negated");
  }
  const auto type = operand->type;
  return folded(node(operation::negate, type, *std::move(operand)));
}

lowered expression_lowering::operator()(const ast::chain& e) {
  // Operators nest to the left: one level of the tree each.
  if (e.rest.size() > operators_max) {
    return complain(e.first, "more than " + std::to_string(operators_max) + " operators in a row",
                    "put long enumerations in a list");
  }
  auto left = lower(e.first);
  ast::located place = e.first;
  for (const auto& link : e.rest) {
    auto right = lower(link.operand);  // even when the left side is in error: it may have errors of its own
    if (!left || !right) {
      left.reset();
    } else if (is_logical(link.op)) {
      left = logical(*std::move(left), link.op, *std::move(right), place, link.operand);
    } else {
      left = combined(*std::move(left), link.op, *std::move(right), joined(place, link.operand));
    }
    place = joined(place, link.operand);
  }
  return left;
}

lowered expression_lowering::logical(cep::expression left, binary op, cep::expression right, ast::located left_place,
                                     ast::located right_place) {
  const bool left_fits = is_condition(left, left_place);
  if (!is_condition(right, right_place) || !left_fits) return std::nullopt;
  return folded(node(operation_of(op), boolean_type, std::move(left), std::move(right)));
}

lowered expression_lowering::combined(cep::expression left, binary op, cep::expression right, ast::located place) {
  if (is_arithmetic(op)) {
    const auto type = arithmetic_type(op, left.type, right.type, schema());
    if (!type) {
      const bool sum = op == binary::add || op == binary::subtract;
      const bool meant = sum && is_number(left.type) && is_number(right.type);
      const auto why = meant ? with_spelling(type.error(), left, right) : type.error();
      return complain(place, why.message, why.hint);
    }
    return folded(node(operation_of(op), *type, std::move(left), std::move(right)));
  }
  auto a = from(literal_as(std::move(left), right.type), place);
  if (!a) return std::nullopt;
  auto b = from(literal_as(std::move(right), a->type), place);
  if (!b) return std::nullopt;
  if (op == binary::or_default) {
    const auto type = default_type(a->type, b->type, schema());
    if (!type) {
      const auto why = with_spelling(type.error(), *a, *b);
      return complain(place, why.message, why.hint);
    }
    return node(operation::or_default, *type, *std::move(a), *std::move(b));
  }
  if (const auto fits = comparable(op, a->type, b->type, schema()); !fits) {
    const auto why = with_spelling(fits.error(), *a, *b);
    return complain(place, why.message, why.hint);
  }
  return folded(node(operation_of(op), boolean_type, *std::move(a), *std::move(b)));
}

lowered expression_lowering::operator()(const ast::between& e) {
  const auto operand = lower(e.operand);
  auto low = lower(e.low);
  auto high = lower(e.high);
  if (!operand || !low || !high) return std::nullopt;
  auto above = combined(*operand, binary::greater_equal, *std::move(low), joined(e.operand, e.low));
  if (!above) return std::nullopt;
  auto below = combined(*operand, binary::less_equal, *std::move(high), joined(e.operand, e.high));
  if (!below) return std::nullopt;
  return folded(node(operation::logical_and, boolean_type, *std::move(above), *std::move(below)));
}

}  // namespace weir::rules
