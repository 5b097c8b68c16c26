#include "apps/weir/backtest/overlap.hpp"

#include <algorithm>
#include <map>
#include <span>
#include <utility>

namespace weir::backtest {

std::vector<overlap> overlaps(std::vector<mark> marks) {
  std::ranges::sort(marks);
  const auto repeated = std::ranges::unique(marks);
  marks.erase(repeated.begin(), repeated.end());

  std::map<std::uint32_t, std::uint64_t> things_of;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> common;
  for (auto begin = marks.begin(); begin != marks.end();) {
    const auto end = std::find_if(begin, marks.end(), [&](const mark& m) { return m.thing != begin->thing; });
    for (auto a = begin; a != end; ++a) {
      ++things_of[a->rule];
      for (auto b = std::next(a); b != end; ++b) ++common[{a->rule, b->rule}];
    }
    begin = end;
  }

  std::vector<overlap> found;
  for (const auto& [pair, count] : common) {
    const auto [first, second] = pair;
    found.push_back(
        {.first = first, .second = second, .common = count, .either = things_of[first] + things_of[second] - count});
  }
  return found;
}

}  // namespace weir::backtest
