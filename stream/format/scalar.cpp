#include "stream/format/scalar.hpp"

#include <fast_float/fast_float.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "stream/format/decimal_text.hpp"

namespace weir::stream {

namespace {

using stored = std::expected<void, std::string>;

constexpr std::size_t shown_bytes_max = 40;
constexpr duration millisecond = std::chrono::milliseconds{1};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::string shown(const scalar& value) {
  switch (value.kind) {
    case scalar_kind::list: return "a list";
    case scalar_kind::object: return "an object";
    case scalar_kind::text:
    case scalar_kind::untyped: return '"' + clipped(value.text) + '"';
    default: return clipped(value.text);
  }
}

std::unexpected<std::string> refused(const scalar& value, std::string_view wanted) {
  return std::unexpected(shown(value) + " is not " + std::string{wanted});
}

bool may_spell_a_number(scalar_kind kind) {
  return kind == scalar_kind::number || kind == scalar_kind::text || kind == scalar_kind::untyped;
}

/// What a type of exact numbers is called in messages, and how many digits it has behind the point.
struct exact_type {
  std::string_view wanted;  // "an amount"
  std::string_view name;    // "EUR"
  int digits = 0;
};

std::expected<std::int64_t, std::string> read_exact(const scalar& value, const exact_type& type) {
  if (!may_spell_a_number(value.kind)) return refused(value, type.wanted);
  const std::string_view text = trimmed(value.text);
  const auto number = parse_scaled(text, type.digits);
  if (number) return *number;
  switch (number.error()) {
    case number_problem::too_large: return std::unexpected(clipped(text) + " is too large");
    case number_problem::too_fine:
      if (type.digits == 0 && type.name.empty()) break;
      return std::unexpected(clipped(text) + " has more digits than " + std::string{type.name} + " has (" +
                             std::to_string(type.digits) + ")");
    case number_problem::not_a_number: break;
  }
  return refused(value, type.wanted);
}

exact_type exact_type_of(const field_type& type) {
  const int digits = exact_digits(type);
  switch (type.kind) {
    case type_kind::money: return {"an amount", code_of(type.currency), digits};
    case type_kind::decimal: return {"a number", "decimal", digits};
    default: return {"a whole number", "", digits};
  }
}

stored store_exact(const scalar& value, const field& described, column& into) {
  const auto number = read_exact(value, exact_type_of(described.type));
  if (!number) return std::unexpected(number.error());
  into.push_number(*number);
  return {};
}

stored store_real(const scalar& value, column& into) {
  const std::string_view text = trimmed(value.text);
  // fast_float also reads "nan" and "infinity"; a number begins with none of their letters.
  const bool spelled = may_spell_a_number(value.kind) && !text.empty() &&
                       text.find_first_not_of("0123456789+-.eE") == std::string_view::npos;
  if (!spelled) return refused(value, "a number");
  const char* begin = text.data() + (text.starts_with('+') && !text.starts_with("+-") ? 1 : 0);
  double number = 0;
  const auto [end, error] = fast_float::from_chars(begin, text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return refused(value, "a number");
  if (!std::isfinite(number)) return std::unexpected(clipped(text) + " is too large");
  into.push_real(number);
  return {};
}

bool equal_without_case(std::string_view text, std::string_view lower) {
  return std::ranges::equal(text, lower,
                            [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + ('a' - 'A') : a) == b; });
}

std::optional<bool> read_boolean(const scalar& value) {
  if (value.kind == scalar_kind::boolean) return value.text == "true";
  if (value.kind != scalar_kind::untyped) return std::nullopt;
  const std::string_view text = trimmed(value.text);
  if (text == "1" || equal_without_case(text, "true")) return true;
  if (text == "0" || equal_without_case(text, "false")) return false;
  return std::nullopt;
}

stored store_boolean(const scalar& value, column& into) {
  const auto truth = read_boolean(value);
  if (!truth) return refused(value, "true or false");
  into.push_boolean(*truth);
  return {};
}

stored store_text(const scalar& value, const field& described, column& into, symbols& names) {
  if (value.kind == scalar_kind::list || value.kind == scalar_kind::object) return refused(value, "a text");
  if (described.type.kind == type_kind::entity || described.interned) {
    into.push_id(names.of(described.type).intern_passing(value.text));
  } else {
    into.push_text(value.text);
  }
  return {};
}

stored store_time(const scalar& value, column& into) {
  const auto time = read_time(value, millisecond);
  if (!time) return std::unexpected(time.error());
  into.push_number(time->time_since_epoch().count());
  return {};
}

stored store_duration(const scalar& value, column& into) {
  const std::string_view text = trimmed(value.text);
  std::optional<duration> span;
  if (may_spell_a_number(value.kind)) span = parse_multiple(text, millisecond);
  if (!span && (value.kind == scalar_kind::text || value.kind == scalar_kind::untyped)) span = parse_duration(text);
  if (!span) return refused(value, "a duration");
  into.push_number(span->count());
  return {};
}

stored store_address(const scalar& value, column& into) {
  std::optional<ip_address> address;
  if (value.kind == scalar_kind::text || value.kind == scalar_kind::untyped) address = parse_ip(trimmed(value.text));
  if (!address) return refused(value, "an IP address");
  into.push_address(*address);
  return {};
}

}  // namespace

stored store(const scalar& value, const field& described, column& into, symbols& names) {
  switch (described.type.kind) {
    case type_kind::money:
    case type_kind::decimal:
    case type_kind::integer: return store_exact(value, described, into);
    case type_kind::entity:
    case type_kind::text: return store_text(value, described, into, names);
    case type_kind::floating: return store_real(value, into);
    case type_kind::boolean: return store_boolean(value, into);
    case type_kind::time: return store_time(value, into);
    case type_kind::duration: return store_duration(value, into);
    case type_kind::ip: return store_address(value, into);
  }
  std::unreachable();
}

std::expected<timestamp, std::string> read_time(const scalar& value, duration unit) {
  if (!may_spell_a_number(value.kind)) return refused(value, "a time");
  const std::string_view text = trimmed(value.text);
  std::optional<timestamp> time;
  if (const auto since_1970 = parse_multiple(text, unit)) time = timestamp{*since_1970};
  if (!time && value.kind != scalar_kind::number) time = parse_rfc3339(text);
  if (!time) return refused(value, "a time");
  if (*time < first_time || *time > last_time) return refused(value, "a time in the years 1 to 9999");
  return *time;
}

int exact_digits(const field_type& type) {
  switch (type.kind) {
    case type_kind::money: return minor_digits(type.currency);
    case type_kind::decimal: return decimal_digits;
    default: return 0;
  }
}

bool is_json_number(std::string_view text) {
  const char* p = text.data();
  const char* const end = p + text.size();
  const auto take_digits = [&] {
    const char* const begin = p;
    while (p != end && *p >= '0' && *p <= '9') ++p;
    return p - begin;
  };
  if (p != end && *p == '-') ++p;
  const bool leading_zero = p != end && *p == '0';
  const auto whole = take_digits();
  if (whole == 0 || (leading_zero && whole > 1)) return false;
  if (p != end && *p == '.') {
    ++p;
    if (take_digits() == 0) return false;
  }
  if (p != end && (*p == 'e' || *p == 'E')) {
    ++p;
    if (p != end && (*p == '+' || *p == '-')) ++p;
    if (take_digits() == 0) return false;
  }
  return p == end;
}

std::string clipped(std::string_view text) {
  const bool cut = text.size() > shown_bytes_max;
  if (cut) {
    std::size_t size = shown_bytes_max;
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;  // not inside a character
    text = text.substr(0, size);
  }
  std::string out{text};
  std::ranges::replace_if(out, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
  if (cut) out += "…";
  return out;
}

}  // namespace weir::stream
