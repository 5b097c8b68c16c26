#include "cep/interval_index.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <random>

namespace weir::cep {

TEST_CASE("a number finds the intervals that it lies in, ends included") {
  using limits = std::numeric_limits<std::int64_t>;
  std::vector<interval_index::interval> intervals{{limits::min(), limits::max(), 0},
                                                  {limits::max(), limits::max(), 1},
                                                  {limits::min(), -30, 2},
                                                  {5, 4, 3},
                                                  {7, 7, 4}};
  std::mt19937 random(3);
  std::uniform_int_distribution<std::int64_t> near(-30, 30);
  for (std::uint32_t member = 5; member < 60; ++member) intervals.push_back({near(random), near(random), member});
  const interval_index index(intervals);
  std::vector<std::int64_t> asked{limits::min(), limits::max(), limits::max() - 1};
  for (std::int64_t n = -35; n <= 35; ++n) asked.push_back(n);
  for (const std::int64_t n : asked) {
    std::vector<std::uint32_t> expected;
    for (const auto& [least, greatest, member] : intervals) {
      if (least <= n && n <= greatest) expected.push_back(member);
    }
    const auto found = index.at(n);
    CHECK(std::vector(found.begin(), found.end()) == expected);
  }
  CHECK(interval_index({}).at(0).empty());
}

}  // namespace weir::cep
