#pragma once

#include <cstdint>

namespace weir::bench::nexmark {

/// Random numbers that depend on a seed and on what they are for (an event's number): splitmix64 (Steele, Lea, Flood:
/// Fast splittable pseudorandom number generators, OOPSLA 2014).
class draws {
 public:
  draws(std::uint64_t seed, std::uint64_t of) : state_(mixed(mixed(seed) + of)) {}

  std::uint64_t next() { return mixed(state_ += step); }
  /// 0, 1, …, bound - 1.
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }
  /// At least 0, less than 1.
  double unit() { return static_cast<double>(next() >> 11) * 0x1p-53; }
  const auto& one_of(const auto& all) { return all[below(all.size())]; }

 private:
  static constexpr std::uint64_t step = 0x9E3779B97F4A7C15;

  static constexpr std::uint64_t mixed(std::uint64_t z) {
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return z ^ z >> 31;
  }

  std::uint64_t state_;
};

}  // namespace weir::bench::nexmark
