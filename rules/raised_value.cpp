#include "rules/raised_value.hpp"

#include <cmath>
#include <limits>
#include <optional>

#include "cep/evaluator.hpp"

namespace weir::rules {
namespace {

using cep::int128;
using cep::value_kind;

std::optional<std::int64_t> fitting(int128 number) {
  const bool fits =
      number <= std::numeric_limits<std::int64_t>::max() && number >= std::numeric_limits<std::int64_t>::min();
  return fits ? std::optional(static_cast<std::int64_t>(number)) : std::nullopt;
}

std::optional<std::int64_t> rounded(int128 number, int digits, int wanted) {
  for (; digits < wanted; ++digits) {
    if (__builtin_mul_overflow(number, int128{10}, &number)) return std::nullopt;
  }
  if (digits == wanted) return fitting(number);
  int128 unit = 1;
  for (; digits > wanted; --digits) unit *= 10;
  const int128 rest = number % unit;
  const int128 half = unit / 2;
  return fitting(number / unit + (rest >= half ? 1 : rest <= -half ? -1 : 0));
}

std::optional<std::int64_t> rounded(double number, const cep::value_type& type, int wanted) {
  const double scaled = std::round(number * std::pow(10.0, wanted - cep::base_digits(type)));
  constexpr double limit = 9.2e18;  // of 64 bits
  if (!(std::abs(scaled) < limit)) return std::nullopt;
  return static_cast<std::int64_t>(scaled);
}

void push_number(stream::column& into, const stream::field& field, const cep::value& v, const cep::value_type& type) {
  const bool exact = type.kind == value_kind::exact;
  if (field.type.kind == stream::type_kind::floating) {
    return into.push_real(exact ? cep::to_real(v.exact, type) : v.real);
  }
  const int wanted = cep::type_of(field.type).digits;
  const auto number = exact ? rounded(v.exact, type.digits, wanted) : rounded(v.real, type, wanted);
  if (number) {
    into.push_number(*number);
  } else {
    into.push_missing();
  }
}

}  // namespace

void push_raised(stream::column& into, const stream::field& field, const cep::value& v, const cep::value_type& type,
                 const stream::symbols& names) {
  if (!v.present) return into.push_missing();
  switch (type.kind) {
    case value_kind::boolean: return into.push_boolean(v.boolean);
    case value_kind::ip: return into.push_address(v.ip);
    case value_kind::entity: return into.push_id(v.id);
    case value_kind::text:
      if (field.interned) return into.push_id(v.id);
      return into.push_text(names.texts()[v.id]);
    default: return push_number(into, field, v, type);
  }
}

}  // namespace weir::rules
