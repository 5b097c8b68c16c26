#include "cep/interval_index.hpp"

#include <algorithm>
#include <limits>

namespace weir::cep {

namespace {

constexpr std::int64_t greatest_number = std::numeric_limits<std::int64_t>::max();

std::vector<std::int64_t> begins_of(const std::vector<interval_index::interval>& intervals) {
  std::vector<std::int64_t> begins;
  for (const auto& [least, greatest, member] : intervals) {
    if (least > greatest) continue;
    begins.push_back(least);
    if (greatest < greatest_number) begins.push_back(greatest + 1);
  }
  std::ranges::sort(begins);
  const auto rest = std::ranges::unique(begins);
  begins.erase(rest.begin(), rest.end());
  return begins;
}

}  // namespace

interval_index::interval_index(const std::vector<interval>& intervals) : begins_(begins_of(intervals)) {
  std::vector<std::vector<std::uint32_t>> by_segment(begins_.size());
  for (const auto& [least, greatest, member] : intervals) {
    if (least > greatest) continue;
    const auto first = std::ranges::lower_bound(begins_, least) - begins_.begin();
    const auto end = std::ranges::upper_bound(begins_, greatest) - begins_.begin();
    for (auto i = first; i < end; ++i) by_segment[static_cast<std::size_t>(i)].push_back(member);
  }
  for (const auto& members : by_segment) {
    first_.push_back(members_.size());
    members_.insert(members_.end(), members.begin(), members.end());
  }
  first_.push_back(members_.size());
}

std::span<const std::uint32_t> interval_index::at(std::int64_t number) const {
  const auto after = static_cast<std::size_t>(std::ranges::upper_bound(begins_, number) - begins_.begin());
  if (after == 0) return {};
  return std::span(members_).subspan(first_[after - 1], first_[after] - first_[after - 1]);
}

}  // namespace weir::cep
