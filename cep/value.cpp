#include "cep/value.hpp"

#include <algorithm>
#include <charconv>

#include "stream/dictionary.hpp"
#include "stream/time.hpp"

namespace weir::cep {

namespace {

constexpr std::uint8_t time_digits = 6;

value_type number(unit counted, int digits, stream::currency_id currency = {}) {
  value_type type{.kind = value_kind::exact, .unit = counted};
  type.digits = static_cast<std::uint8_t>(digits);
  type.currency = currency;
  return type;
}

stream::duration to_duration(const value& v, const value_type& type) {
  if (type.kind == value_kind::real) return stream::duration{static_cast<std::int64_t>(v.real)};
  int128 micros = v.exact;
  for (int digits = type.digits; digits > time_digits; --digits) micros /= 10;
  return stream::duration{static_cast<std::int64_t>(micros)};
}

// Money is rounded to two digits more than its currency has; any other real keeps what tells it from its neighbours.
std::string real_to_text(double number, const value_type& type) {
  std::array<char, 512> buffer{};
  char* const begin = buffer.data();
  char* const end = begin + buffer.size();
  const double whole = in_whole_units(number, type);
  if (type.unit != unit::money) return {begin, std::to_chars(begin, end, whole).ptr};
  return {begin, std::to_chars(begin, end, whole, std::chars_format::fixed, base_digits(type) + 2).ptr};
}

std::string number_to_text(const value& v, const value_type& type) {
  switch (type.unit) {
    case unit::duration: return stream::to_text(to_duration(v, type));
    case unit::time: return stream::to_rfc3339(stream::timestamp{to_duration(v, type)});
    case unit::none:
    case unit::money: break;
  }
  std::string out = type.kind == value_kind::exact ? to_text(v.exact, type.digits) : real_to_text(v.real, type);
  if (type.unit == unit::money) out += " " + std::string{stream::code_of(type.currency)};
  return out;
}

}  // namespace

value_type type_of(const stream::field_type& field) {
  using stream::type_kind;
  switch (field.kind) {
    case type_kind::boolean: return {.kind = value_kind::boolean};
    case type_kind::integer: return number(unit::none, 0);
    case type_kind::floating: return {.kind = value_kind::real};
    case type_kind::decimal: return number(unit::none, stream::decimal_digits);
    case type_kind::money: return number(unit::money, stream::minor_digits(field.currency), field.currency);
    case type_kind::text: return {.kind = value_kind::text};
    case type_kind::time: return number(unit::time, time_digits);
    case type_kind::duration: return number(unit::duration, time_digits);
    case type_kind::ip: return {.kind = value_kind::ip};
    case type_kind::entity: return {.kind = value_kind::entity, .entity = field.entity};
  }
  std::unreachable();
}

int base_digits(const value_type& type) {
  switch (type.unit) {
    case unit::none: return 0;
    case unit::money: return stream::minor_digits(type.currency);
    case unit::duration:
    case unit::time: return time_digits;
  }
  std::unreachable();
}

std::string to_text(int128 number, int digits) {
  __extension__ using uint128 = unsigned __int128;
  const bool negative = number < 0;
  uint128 rest = negative ? -static_cast<uint128>(number) : static_cast<uint128>(number);
  std::string reversed;
  do {
    reversed += static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
    if (static_cast<int>(reversed.size()) == digits) reversed += '.';
  } while (rest != 0 || static_cast<int>(reversed.size()) <= digits + (digits != 0));
  if (reversed.back() == '.') reversed += '0';
  if (negative) reversed += '-';
  std::ranges::reverse(reversed);
  return reversed;
}

double in_whole_units(double number, const value_type& type) {
  for (int i = 0; i < base_digits(type); ++i) number /= 10;
  return number;
}

std::string to_text(const value& v, const value_type& type, const stream::symbols& names) {
  if (!v.present) return "missing";
  switch (type.kind) {
    case value_kind::boolean: return v.boolean ? "true" : "false";
    case value_kind::exact:
    case value_kind::real: return number_to_text(v, type);
    case value_kind::text: return std::string{names.texts()[v.id]};
    case value_kind::entity: return std::string{names.entities(type.entity)[v.id]};
    case value_kind::ip: return stream::to_text(v.ip);
  }
  std::unreachable();
}

}  // namespace weir::cep
