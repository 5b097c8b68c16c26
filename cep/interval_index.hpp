#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace weir::cep {

/// Which of many intervals a number lies in. The ends of all cut the numbers into segments, each of which lies in the
/// same ones throughout: a look-up takes the logarithm of their number, and what it finds.
class interval_index {
 public:
  struct interval {
    std::int64_t least = 0;  // both ends are in; none is where `least` is above `greatest`
    std::int64_t greatest = 0;
    std::uint32_t member = 0;
  };

  explicit interval_index(const std::vector<interval>& intervals);

  /// The members in whose interval the number lies.
  std::span<const std::uint32_t> at(std::int64_t number) const;

  /// Entries over all segments, and how many there are: of intervals that overlap much they are many.
  std::size_t entries() const { return members_.size(); }
  std::size_t segments() const { return begins_.size(); }

 private:
  std::vector<std::int64_t> begins_;  // of the segments; what lies before the first is in no interval
  std::vector<std::size_t> first_;    // of each segment's members, and the end
  std::vector<std::uint32_t> members_;
};

}  // namespace weir::cep
