#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "stream/dictionary.hpp"
#include "stream/schema.hpp"
#include "stream/table.hpp"
#include "stream/time.hpp"

namespace weir::stream {

/// What kind of thing a record holds in a field. `untyped` is a text of a format that has only texts (CSV).
enum class scalar_kind : std::uint8_t { missing, text, number, boolean, untyped, list, object };

/// A value as its record spells it, before its field's type gives it meaning. A view: good as long as the record is.
struct scalar {
  scalar_kind kind = scalar_kind::missing;
  std::string_view text;
};

/// Pushes `value` into the column of `described`, as that field's type reads it; else says why not, in words that
/// follow the field's name: "3.075 has more digits than EUR has (2)". Then nothing has been pushed.
/// Numbers may be written as texts. Texts and entities take numbers and truth values as they are spelled. A number is
/// exact or refused, but for `float`. A number for a time or a duration counts milliseconds.
std::expected<void, std::string> store(const scalar& value, const field& described, column& into, symbols& names);

/// An event time: RFC 3339, or a number of `unit`s since 1970; what is finer than a microsecond is cut off. Years 1 to
/// 9999 only, so that adding a window to a time cannot overflow.
std::expected<timestamp, std::string> read_time(const scalar& value, duration unit);

/// The first and last moments whose RFC 3339 spelling has a year of four digits: no event has a time beyond them.
inline constexpr timestamp first_time = std::chrono::sys_days{std::chrono::year{1} / 1 / 1};
inline constexpr timestamp last_time = timestamp{std::chrono::sys_days{std::chrono::year{10000} / 1 / 1}} - duration{1};

/// Digits behind the point of a column of exact numbers.
int exact_digits(const field_type& type);

/// True if `text` is a number as JSON (RFC 8259) spells it.
bool is_json_number(std::string_view text);

/// `text` on one line and of a length fit for a message.
std::string clipped(std::string_view text);

}  // namespace weir::stream
