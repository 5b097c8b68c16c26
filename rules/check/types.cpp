#include "rules/check/types.hpp"

#include <algorithm>

namespace weir::rules {
namespace {

using cep::unit;
using cep::value_kind;
using cep::value_type;
using op = ast::binary_operator;

// What a number counts apart from its digits: the same for the sides of a sum or a comparison.
bool same_unit(const value_type& a, const value_type& b) {
  return a.unit == b.unit && (a.unit != unit::money || a.currency == b.currency);
}

value_type number(unit u, stream::currency_id currency, bool exact, int digits) {
  if (!exact) return {.kind = value_kind::real, .unit = u, .currency = currency};
  return {.kind = value_kind::exact, .unit = u, .digits = static_cast<std::uint8_t>(digits), .currency = currency};
}

bool both_exact(const value_type& a, const value_type& b) {
  return a.kind == value_kind::exact && b.kind == value_kind::exact;
}

std::string_view verb_of(op o) {
  switch (o) {
    case op::add: return "added to";
    case op::subtract: return "subtracted from";
    case op::multiply: return "multiplied by";
    case op::divide: return "divided by";
    default: return "compared with";
  }
}

type_mismatch mismatch(op o, const value_type& a, const value_type& b, const stream::schema& names) {
  // "a number can't be added to money(EUR)": for + and - the right side is the one that is added or subtracted.
  const bool right_first = o == op::add || o == op::subtract;
  const auto& one = right_first ? b : a;
  const auto& other = right_first ? a : b;
  type_mismatch result{noun(one, names) + " can't be " + std::string(verb_of(o)) + " " + noun(other, names), ""};
  if (a.unit == unit::money && b.unit == unit::money && a.currency != b.currency) {
    result.hint = "money of two currencies does not mix";
  }
  return result;
}

std::expected<value_type, type_mismatch> fits(value_type type) {
  if (type.kind == value_kind::exact && type.digits > exact_digits_max) {
    return std::unexpected(type_mismatch{"this product has too many digits after the point (" +
                                             std::to_string(type.digits) + "; at most " +
                                             std::to_string(exact_digits_max) + ")",
                                         ""});
  }
  return type;
}

// + and - : one unit, but a time moves by a duration, and two times are a duration apart.
std::expected<value_type, type_mismatch> sum_type(op o, const value_type& a, const value_type& b,
                                                  const stream::schema& names) {
  const bool times = a.unit == unit::time || b.unit == unit::time;
  if (times) {
    if (a.unit == unit::time && b.unit == unit::time && o == op::subtract) return duration_type;
    const bool moved = (a.unit == unit::time && b.unit == unit::duration) ||
                       (o == op::add && a.unit == unit::duration && b.unit == unit::time);
    if (!moved || !both_exact(a, b)) return std::unexpected(mismatch(o, a, b, names));
    return time_type;
  }
  if (!same_unit(a, b)) return std::unexpected(mismatch(o, a, b, names));
  return number(a.unit, a.currency, both_exact(a, b), std::max(a.digits, b.digits));
}

std::expected<value_type, type_mismatch> product_type(const value_type& a, const value_type& b,
                                                      const stream::schema& names) {
  const bool two_units = a.unit != unit::none && b.unit != unit::none;
  if (two_units || a.unit == unit::time || b.unit == unit::time) {
    return std::unexpected(mismatch(op::multiply, a, b, names));
  }
  const auto& counted = a.unit != unit::none ? a : b;
  return fits(number(counted.unit, counted.currency, both_exact(a, b), a.digits + b.digits));
}

std::expected<value_type, type_mismatch> quotient_type(const value_type& a, const value_type& b,
                                                       const stream::schema& names) {
  if (a.unit == unit::time || b.unit == unit::time) return std::unexpected(mismatch(op::divide, a, b, names));
  if (b.unit == unit::none) return number(a.unit, a.currency, false, 0);
  if (same_unit(a, b)) return number(unit::none, {}, false, 0);
  return std::unexpected(mismatch(op::divide, a, b, names));
}

}  // namespace

std::string with_article(std::string_view word) {
  return (std::string_view("aeiouAEIOU").contains(word.front()) ? "an " : "a ") + std::string(word);
}

bool is_number(const value_type& type) { return type.kind == value_kind::exact || type.kind == value_kind::real; }

bool same_sort(const value_type& a, const value_type& b) {
  if (is_number(a) && is_number(b)) return same_unit(a, b);
  return a.kind == b.kind && (a.kind != value_kind::entity || a.entity == b.entity);
}

std::string noun(const value_type& type, const stream::schema& names) {
  switch (type.kind) {
    case value_kind::boolean: return "a condition";
    case value_kind::text: return "a text";
    case value_kind::ip: return "an ip address";
    case value_kind::entity: return with_article(names.name(type.entity));
    default: break;
  }
  switch (type.unit) {
    case unit::money: return "money(" + std::string(stream::code_of(type.currency)) + ")";
    case unit::duration: return "a duration";
    case unit::time: return "a time";
    default: return "a number";
  }
}

std::expected<value_type, type_mismatch> arithmetic_type(op o, const value_type& a, const value_type& b,
                                                         const stream::schema& names) {
  if (!is_number(a) || !is_number(b)) return std::unexpected(mismatch(o, a, b, names));
  if (o == op::multiply) return product_type(a, b, names);
  if (o == op::divide) return quotient_type(a, b, names);
  return sum_type(o, a, b, names);
}

std::expected<value_type, type_mismatch> default_type(const value_type& a, const value_type& b,
                                                      const stream::schema& names) {
  if (!same_sort(a, b)) {
    return std::unexpected(type_mismatch{noun(b, names) + " can't stand in for " + noun(a, names), ""});
  }
  if (!is_number(a)) return a;
  return number(a.unit, a.currency, both_exact(a, b), std::max(a.digits, b.digits));
}

std::expected<void, type_mismatch> comparable(op o, const value_type& a, const value_type& b,
                                              const stream::schema& names) {
  if (!same_sort(a, b)) return std::unexpected(mismatch(o, a, b, names));
  if (o == op::equal || o == op::not_equal || is_number(a)) return {};
  const auto plural = a.kind == value_kind::text      ? "texts"
                      : a.kind == value_kind::boolean ? "conditions"
                      : a.kind == value_kind::ip      ? "ip addresses"
                                                      : "entities";
  return std::unexpected(type_mismatch{std::string(plural) + " have no order", "they know only = and != and `in`"});
}

bool is_literal(const cep::expression& e) { return e.op == cep::operation::literal; }

cep::expression literal(const value_type& type, cep::constant_value constant) {
  cep::expression e;
  e.type = type;
  e.constant = std::move(constant);
  return e;
}

std::expected<cep::expression, type_mismatch> literal_as(cep::expression e, const value_type& type) {
  if (!is_literal(e) || e.type.kind != value_kind::text || type.kind == value_kind::text) return e;
  const auto text = std::get<std::string>(e.constant);
  if (type.kind == value_kind::entity) return literal(type, text);
  if (type.kind == value_kind::ip) {
    if (const auto address = stream::parse_ip(text)) return literal(type, *address);
    return std::unexpected(type_mismatch{"\"" + text + "\" is not an ip address", ""});
  }
  if (type.unit == unit::time && is_number(type)) {
    if (const auto time = stream::parse_rfc3339(text)) {
      return literal(time_type, static_cast<cep::int128>(time->time_since_epoch().count()));
    }
    return std::unexpected(type_mismatch{"\"" + text + "\" is not a time", "write \"2024-05-01T12:00:00Z\""});
  }
  return e;
}

}  // namespace weir::rules
