#include "cep/value.hpp"

#include <array>
#include <charconv>
#include <limits>
#include <utility>

#include "stream/dictionary.hpp"
#include "stream/time.hpp"

namespace weir::cep {

namespace {

__extension__ using uint128 = unsigned __int128;

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
void append_real(std::string& out, double number, const value_type& type) {
  std::array<char, 512> buffer;
  char* const begin = buffer.data();
  char* const end = begin + buffer.size();
  const double whole = in_whole_units(number, type);
  if (type.unit != unit::money) {
    out.append(begin, std::to_chars(begin, end, whole).ptr);
  } else {
    out.append(begin, std::to_chars(begin, end, whole, std::chars_format::fixed, base_digits(type) + 2).ptr);
  }
}

void append_number(std::string& out, const value& v, const value_type& type) {
  switch (type.unit) {
    case unit::duration: out += stream::to_text(to_duration(v, type)); return;
    case unit::time: stream::append_rfc3339(out, stream::timestamp{to_duration(v, type)}); return;
    case unit::none:
    case unit::money: break;
  }
  if (type.kind == value_kind::exact) {
    append_text(out, v.exact, type.digits);
  } else {
    append_real(out, v.real, type);
  }
  if (type.unit != unit::money) return;
  out += ' ';
  out += stream::code_of(type.currency);
}

/// The digits of a number of up to 39, written towards the front of a buffer that ends at `end`; where they begin.
char* put_digits(char* end, uint128 number) {
  constexpr std::uint64_t chunk = 10'000'000'000'000'000'000U;  // the greatest power of ten: 19 digits
  while (number > std::numeric_limits<std::uint64_t>::max()) {
    auto low = static_cast<std::uint64_t>(number % chunk);
    number /= chunk;
    for (int i = 0; i < 19; ++i, low /= 10) *--end = static_cast<char>('0' + low % 10);
  }
  auto rest = static_cast<std::uint64_t>(number);
  do {
    *--end = static_cast<char>('0' + rest % 10);
    rest /= 10;
  } while (rest != 0);
  return end;
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

void append_text(std::string& out, int128 number, int digits) {
  std::array<char, 40> buffer;
  char* const end = buffer.data() + buffer.size();
  if (number < 0) out += '-';
  const std::string_view all{put_digits(end, number < 0 ? -static_cast<uint128>(number) : static_cast<uint128>(number)),
                             end};
  const auto behind_point = static_cast<std::size_t>(digits);
  if (digits == 0) {
    out += all;
  } else if (all.size() > behind_point) {
    out += all.substr(0, all.size() - behind_point);
    out += '.';
    out += all.substr(all.size() - behind_point);
  } else {
    out += "0.";
    out.append(behind_point - all.size(), '0');
    out += all;
  }
}

std::string to_text(int128 number, int digits) {
  std::string out;
  append_text(out, number, digits);
  return out;
}

double in_whole_units(double number, const value_type& type) {
  for (int i = 0; i < base_digits(type); ++i) number /= 10;
  return number;
}

void append_text(std::string& out, const value& v, const value_type& type, const stream::symbols& names) {
  if (!v.present) {
    out += "missing";
    return;
  }
  switch (type.kind) {
    case value_kind::boolean: out += v.boolean ? "true" : "false"; return;
    case value_kind::exact:
    case value_kind::real: append_number(out, v, type); return;
    case value_kind::text: out += names.texts()[v.id]; return;
    case value_kind::entity: out += names.entities(type.entity)[v.id]; return;
    case value_kind::ip: out += stream::to_text(v.ip); return;
  }
  std::unreachable();
}

std::string to_text(const value& v, const value_type& type, const stream::symbols& names) {
  std::string out;
  append_text(out, v, type, names);
  return out;
}

}  // namespace weir::cep
