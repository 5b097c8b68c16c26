#include <algorithm>

#include "cep/evaluator.hpp"
#include "rules/check/literals.hpp"

// Constants are worked out once, when a rule is checked: params are constants, so `ratio * 2` is one as well.
namespace weir::rules {
namespace {

using cep::expression;
using cep::int128;
using cep::operation;
using cep::value_kind;

const int128* exact_of(const expression& e) {
  return is_literal(e) && e.type.kind == value_kind::exact ? std::get_if<int128>(&e.constant) : nullptr;
}

const bool* truth_of(const expression& e) { return is_literal(e) ? std::get_if<bool>(&e.constant) : nullptr; }

std::optional<int128> sum_of(const expression& e, int128 a, int128 b) {
  const auto x = scaled(a, e.type.digits - e.args[0].type.digits);
  const auto y = scaled(b, e.type.digits - e.args[1].type.digits);
  int128 result = 0;
  if (!x || !y) return std::nullopt;
  const bool overflow =
      e.op == operation::add ? __builtin_add_overflow(*x, *y, &result) : __builtin_sub_overflow(*x, *y, &result);
  return overflow ? std::nullopt : std::optional(result);
}

std::optional<int128> product_of(int128 a, int128 b) {
  int128 result = 0;
  return __builtin_mul_overflow(a, b, &result) ? std::nullopt : std::optional(result);
}

std::optional<bool> comparison_of(const expression& e, int128 a, int128 b) {
  const int digits = std::max(e.args[0].type.digits, e.args[1].type.digits);
  const auto x = scaled(a, digits - e.args[0].type.digits);
  const auto y = scaled(b, digits - e.args[1].type.digits);
  if (!x || !y) return std::nullopt;
  switch (e.op) {
    case operation::equal: return *x == *y;
    case operation::not_equal: return *x != *y;
    case operation::less: return *x < *y;
    case operation::less_equal: return *x <= *y;
    case operation::greater: return *x > *y;
    case operation::greater_equal: return *x >= *y;
    default: return std::nullopt;
  }
}

expression folded_numbers(const expression& e, int128 a, int128 b) {
  if (e.type.kind == value_kind::exact) {
    const auto result = e.op == operation::multiply                             ? product_of(a, b)
                        : e.op == operation::add || e.op == operation::subtract ? sum_of(e, a, b)
                                                                                : std::nullopt;
    if (result) return literal(e.type, *result);
  } else if (const auto truth = comparison_of(e, a, b)) {
    return literal(boolean_type, *truth);
  }
  return e;
}

// `true and x` is x, `true or x` is true. `false and x` is kept: x may say how an event belongs to the subject.
expression folded_logic(expression e) {
  const bool is_or = e.op == operation::logical_or;
  for (const std::size_t side : {0, 1}) {
    const auto* truth = truth_of(e.args[side]);
    if (truth == nullptr || (!is_or && !*truth)) continue;
    return is_or && *truth ? literal(boolean_type, true) : std::move(e.args[1 - side]);
  }
  return e;
}

bool is_function(operation op) {
  switch (op) {
    case operation::lower:
    case operation::upper:
    case operation::starts_with:
    case operation::ends_with:
    case operation::contains:
    case operation::matches:
    case operation::length:
    case operation::absolute:
    case operation::round:
    case operation::distance_km: return true;
    default: return false;
  }
}

// By the engine's own hands, so that it is the same before a run and in it. What has no value stays as it is.
expression folded_function(expression e) {
  const stream::schema nothing;
  stream::symbols names(nothing);
  const cep::references none({}, names);
  const auto value = cep::evaluator(e, names, none)({});
  if (!value.present) return e;
  switch (e.type.kind) {
    case value_kind::boolean: return literal(e.type, value.boolean);
    case value_kind::exact: return literal(e.type, value.exact);
    case value_kind::real: return literal(e.type, value.real);
    case value_kind::text: return literal(e.type, std::string(names.texts()[value.id]));
    default: return e;
  }
}

}  // namespace

expression folded(expression e) {
  if (is_function(e.op)) {
    return std::ranges::all_of(e.args, is_literal) ? folded_function(std::move(e)) : e;
  }
  if (e.args.size() == 2) {
    if (e.op == operation::logical_and || e.op == operation::logical_or) return folded_logic(std::move(e));
    const auto* a = exact_of(e.args[0]);
    const auto* b = exact_of(e.args[1]);
    if (a != nullptr && b != nullptr) return folded_numbers(e, *a, *b);
    return e;
  }
  if (e.op == operation::logical_not) {
    if (const auto* truth = truth_of(e.args[0])) return literal(boolean_type, !*truth);
  }
  if (e.op == operation::negate) {
    const auto* number = exact_of(e.args[0]);
    int128 negated = 0;
    if (number != nullptr && !__builtin_sub_overflow(int128{0}, *number, &negated)) return literal(e.type, negated);
  }
  return e;
}

}  // namespace weir::rules
