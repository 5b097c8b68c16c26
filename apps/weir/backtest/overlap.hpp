#pragma once

#include <cstdint>
#include <vector>

namespace weir::backtest {

/// Two rules that marked the same things: `common` are marked by both, `either` by one of them at least.
struct overlap {
  std::uint32_t first = 0;
  std::uint32_t second = 0;  // greater than first
  std::uint64_t common = 0;
  std::uint64_t either = 0;

  double jaccard() const { return static_cast<double>(common) / static_cast<double>(either); }
  friend bool operator==(const overlap&, const overlap&) = default;
};

/// A thing that a rule marked: an event, or a subject on a day, as a number.
struct mark {
  std::uint64_t thing = 0;
  std::uint32_t rule = 0;

  friend auto operator<=>(const mark&, const mark&) = default;
};

/// The pairs of rules that have a thing in common, by (first, second). A thing marked twice by a rule counts once.
std::vector<overlap> overlaps(std::vector<mark> marks);

}  // namespace weir::backtest
