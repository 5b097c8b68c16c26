#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace weir::stream {

/// Eight bytes at a time, as a number of which the first byte is the lowest.
namespace swar {

inline constexpr std::uint64_t ones = 0x0101010101010101;
inline constexpr std::uint64_t high_bits = 0x80 * ones;

inline std::uint64_t load(const char* at) {
  std::uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return std::endian::native == std::endian::little ? word : __builtin_bswap64(word);
}

/// A high bit at the first byte that is less than `limit` (at most 128); above that one, bits may be wrong.
constexpr std::uint64_t less(std::uint64_t word, std::uint8_t limit) {
  return (word - limit * ones) & ~word & high_bits;
}

/// A high bit at the first byte that is `c`; above that one, bits may be wrong.
constexpr std::uint64_t equal(std::uint64_t word, char c) {
  return less(word ^ (static_cast<std::uint8_t>(c) * ones), 1);
}

/// A high bit at the first byte that is no digit; above that one, bits may be wrong.
constexpr std::uint64_t not_digits(std::uint64_t word) {
  const std::uint64_t digits = word ^ (std::uint64_t{'0'} * ones);
  return ((digits + 0x76 * ones) | digits) & high_bits;
}

/// The place of the first byte that has its high bit; there must be one.
constexpr unsigned first(std::uint64_t bits) { return static_cast<unsigned>(std::countr_zero(bits)) / 8; }

/// The number that the first `count` (1 to 8) bytes spell, which are digits.
constexpr std::uint64_t number(std::uint64_t word, unsigned count) {
  word = (word ^ (std::uint64_t{'0'} * ones)) << (64 - 8 * count);
  word = (word * 10 + (word >> 8)) & 0x00FF00FF00FF00FF;
  word = (word * 100 + (word >> 16)) & 0x0000FFFF0000FFFF;
  return (word * 10000 + (word >> 32)) & 0xFFFFFFFF;
}

}  // namespace swar

}  // namespace weir::stream
