#include "apps/generate/random.hpp"

#include <algorithm>
#include <numeric>

namespace weir::generate {
namespace {

constexpr std::int64_t one = 1 << 16;  // fixed point with 16 bits behind the point

// A sum of twelve uniform draws: mean 0, deviation 1, close to normal, and never beyond 6.
std::int64_t normal(random_bits& bits) {
  std::int64_t sum = -6 * one;
  for (int word = 0; word < 3; ++word) {
    for (std::uint64_t rest = bits.next(), part = 0; part < 4; ++part, rest >>= 16) {
      sum += static_cast<std::int64_t>(rest & 0xffff);
    }
  }
  return sum;
}

// value * 2^exponent. The cubic is within 2e-4 of 2^fraction for a fraction in [0, 1).
std::int64_t times_power_of_two(std::int64_t value, std::int64_t exponent) {
  const std::int64_t fraction = exponent & (one - 1);
  const std::int64_t whole = exponent >> 16;
  const std::int64_t power = one + (fraction * (45'580 + (fraction * (14'822 + (fraction * 5'113 >> 16)) >> 16)) >> 16);
  const std::int64_t scaled = value * power;
  return whole >= 0 ? (scaled >> 16) << whole : scaled >> (16 - whole);
}

}  // namespace

random_bits bits_for(std::uint64_t seed, std::uint64_t purpose, std::uint64_t number) {
  random_bits mixer(seed);
  random_bits by_purpose(mixer.next() ^ purpose * 0xD1342543DE82EF95);
  return random_bits(random_bits(by_purpose.next() ^ number * 0xDA942042E4DD58B5).next());
}

std::int64_t log_normal(random_bits& bits, std::int64_t median, int sigma_percent) {
  return std::max<std::int64_t>(1, times_power_of_two(median, normal(bits) * sigma_percent / 100));
}

std::uint32_t popular(random_bits& bits, std::uint32_t n, std::uint32_t head) {
  std::uint32_t parts = 1;
  for (std::uint32_t end = head; end < n; end *= 2) ++parts;
  const std::uint32_t part = bits.below(parts);
  const std::uint32_t begin = part == 0 ? 0 : head << (part - 1);
  return begin + bits.below(std::min(n, head << part) - begin);
}

std::int64_t time_of_day(random_bits& bits, const day_rhythm& rhythm) {
  auto part = bits.below(std::accumulate(rhythm.begin(), rhythm.end(), 0U));
  std::int64_t hour = 0;
  for (auto share = rhythm.begin(); part >= *share; ++share, ++hour) part -= *share;
  return hour * hour_ms + bits.below(hour_ms);
}

}  // namespace weir::generate
