#pragma once

#include <array>
#include <cstdint>

#include "stream/format/swar.hpp"

namespace weir::stream {

/// Numbers in their usual spellings, eight digits at a time. What is spelled otherwise is not taken, and has to be read
/// by another (decimal_text); whether what follows ends the number is the caller's to see. At the text sixteen bytes
/// more must be readable than it has.

inline constexpr unsigned digits_max = 18;  // any number of so many fits into 64 bits

inline constexpr std::array<std::int64_t, digits_max + 1> powers_of_ten = [] {
  std::array<std::int64_t, digits_max + 1> powers{1};
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

inline bool take_char(const char*& at, char c) {
  if (*at != c) return false;
  ++at;
  return true;
}

/// Digits, one at least and `digits_max` at most; how many, zero if there are not.
inline unsigned take_digits(const char*& at, std::int64_t& value) {
  std::uint64_t word = swar::load(at);
  std::uint64_t others = swar::not_digits(word);
  unsigned count = others == 0 ? 8 : swar::first(others);
  if (count == 0) return 0;
  value = static_cast<std::int64_t>(swar::number(word, count));
  at += count;
  while (others == 0) {
    word = swar::load(at);
    others = swar::not_digits(word);
    const unsigned more = others == 0 ? 8 : swar::first(others);
    if (more == 0) break;
    count += more;
    if (count > digits_max) return 0;
    value = value * powers_of_ten[more] + static_cast<std::int64_t>(swar::number(word, more));
    at += more;
  }
  return count;
}

/// A whole number as JSON spells it, not negative.
inline bool take_whole(const char*& at, std::int64_t& value) {
  const char* const begin = at;
  const unsigned count = take_digits(at, value);
  return count != 0 && (count == 1 || *begin != '0');
}

/// A number times 10^digits, if it is spelled in the usual way: no exponent, and not too long.
inline bool take_exact(const char*& at, int digits, std::int64_t& value) {
  const bool negative = take_char(at, '-');
  const char* const begin = at;
  const unsigned count = take_digits(at, value);
  if (count == 0 || (count > 1 && *begin == '0') || count + static_cast<unsigned>(digits) > digits_max) return false;
  value *= powers_of_ten[static_cast<std::size_t>(digits)];
  if (take_char(at, '.')) {
    std::int64_t fraction = 0;
    const unsigned fine = take_digits(at, fraction);
    if (fine == 0 || fine > static_cast<unsigned>(digits)) return false;
    value += fraction * powers_of_ten[static_cast<std::size_t>(digits) - fine];
  }
  if (negative) value = -value;
  return true;
}

}  // namespace weir::stream
