#pragma once

#include <charconv>
#include <concepts>
#include <cstddef>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "stream/dstream/key.hpp"
#include "stream/dstream/members.hpp"
#include "stream/time.hpp"

namespace weir::stream {

template <class T>
void append_text(std::string& out, const T& value);

namespace text_detail {

/// "(a,b)", "{a, b}" …
template <class... Parts>
void append_parts(std::string& out, std::string_view open, std::string_view comma, std::string_view close,
                  const Parts&... parts) {
  out += open;
  std::string_view between;
  ((out += between, append_text(out, parts), between = comma), ...);
  out += close;
}

template <class Range>
void append_range(std::string& out, const Range& range) {
  const char* between = "";
  out += "[";
  for (const auto& one : range) {
    out += between;
    append_text(out, one);
    between = ", ";
  }
  out += "]";
}

template <class T>
void append_number(std::string& out, T value) {
  char digits[32];
  out.append(digits, std::to_chars(digits, digits + sizeof(digits), value).ptr);
}

}  // namespace text_detail

/// A row as people read it: numbers as short as is exact, texts as they are, "(a,b)" for pairs and tuples, "[a, b]" for
/// ranges, "-" for what is missing, RFC 3339 for times, "{a, b}" for simple structs; where a type has
/// append_text(std::string&, const T&) of its own, what that says.
template <class T>
void append_text(std::string& out, const T& value) {
  if constexpr (std::same_as<T, bool>) {
    out += value ? "true" : "false";
  } else if constexpr (std::same_as<T, char>) {
    out += value;
  } else if constexpr (std::is_arithmetic_v<T>) {
    text_detail::append_number(out, value);
  } else if constexpr (std::is_enum_v<T>) {
    text_detail::append_number(out, static_cast<std::underlying_type_t<T>>(value));
  } else if constexpr (std::convertible_to<const T&, std::string_view>) {
    out += std::string_view(value);
  } else if constexpr (std::same_as<T, timestamp>) {
    append_rfc3339(out, value);
  } else if constexpr (std::same_as<T, duration>) {
    out += to_text(value);
  } else if constexpr (requires {
                         value.has_value();
                         *value;
                       }) {
    value.has_value() ? append_text(out, *value) : void(out += "-");
  } else if constexpr (std::ranges::range<const T>) {
    text_detail::append_range(out, value);
  } else if constexpr (key_detail::tuple_like<T>) {
    std::apply([&](const auto&... parts) { text_detail::append_parts(out, "(", ",", ")", parts...); }, value);
  } else {
    std::apply([&](const auto&... members) { text_detail::append_parts(out, "{", ", ", "}", members...); },
               members_of(value));
  }
}

}  // namespace weir::stream
