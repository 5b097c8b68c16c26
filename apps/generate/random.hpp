#pragma once

#include <array>
#include <cstdint>

namespace weir::generate {

/// splitmix64: 64 random bits a call. Everything drawn from it is integer arithmetic, so that a seed gives the same
/// events on every machine and with every standard library. A value; copies go on apart.
class random_bits {
 public:
  static constexpr std::uint64_t step = 0x9E3779B97F4A7C15;

  explicit constexpr random_bits(std::uint64_t state) : state_(state) {}

  constexpr std::uint64_t next() {
    std::uint64_t z = state_ += step;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }

  /// Uniform in [0, n), for 0 < n < 2^32.
  constexpr std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(((next() >> 32) * n) >> 32); }
  /// Uniform in [low, high], for 0 <= high - low < 2^32 - 1.
  constexpr std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + below(static_cast<std::uint32_t>(high - low + 1));
  }
  constexpr bool percent(std::uint32_t chance) { return below(100) < chance; }

 private:
  std::uint64_t state_;
};

/// Bits that depend on a seed, on what they are for (`purpose`) and on a number, and on nothing drawn before.
random_bits bits_for(std::uint64_t seed, std::uint64_t purpose, std::uint64_t number);

/// An amount of money in its smallest part, log-normal: half of all are below `median`, about two thirds between
/// median / 2^s and median * 2^s, where s = `sigma_percent` / 100. At least 1.
std::int64_t log_normal(random_bits& bits, std::int64_t median, int sigma_percent);

/// A rank in [0, n) by a Zipf-like law: ranks below `head` share one part of all draws, the next `head` ranks another,
/// then the next 2 * head, 4 * head … each as much.
std::uint32_t popular(random_bits& bits, std::uint32_t n, std::uint32_t head);

inline constexpr std::int64_t second_ms = 1'000;
inline constexpr std::int64_t minute_ms = 60 * second_ms;
inline constexpr std::int64_t hour_ms = 60 * minute_ms;
inline constexpr std::int64_t day_ms = 24 * hour_ms;

/// Where the generated days begin: 2024-01-01T00:00:00Z, a Monday.
inline constexpr std::int64_t first_day_ms = 1'704'067'200'000;

/// Midnight of a day, counted from the first one.
constexpr std::int64_t midnight_ms(std::uint64_t day) { return first_day_ms + static_cast<std::int64_t>(day) * day_ms; }

/// How a day's events spread over its hours, in parts.
using day_rhythm = std::array<std::uint8_t, 24>;
inline constexpr day_rhythm waking_hours{2,  1,  1,  1,  1,  3,  8,  18, 28, 34, 36, 38,
                                         42, 38, 34, 34, 36, 42, 46, 44, 34, 22, 12, 6};

/// A time of day, in milliseconds since midnight.
std::int64_t time_of_day(random_bits& bits, const day_rhythm& rhythm = waking_hours);

}  // namespace weir::generate
