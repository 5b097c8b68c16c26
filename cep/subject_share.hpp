#pragma once

#include <cassert>
#include <cstdint>
#include <span>

#include "stream/dictionary.hpp"

namespace weir::cep {

/// Which subjects a matcher has, where several share them: of `count` shares the one with the number `index`. Every
/// subject is in just one share, which depends on nothing but its id. A value; by default it has all of them.
class subject_share {
 public:
  subject_share() = default;
  subject_share(std::uint32_t index, std::uint32_t count) : index_(index), count_(count) {
    assert(index < count);
    if (count == 1) return;
    whole_ = 0;
    reciprocal_ = ~std::uint64_t{0} / count + 1;
  }

  bool all() const { return count_ == 1; }
  bool owns(stream::symbol subject) const {
    const auto id = static_cast<std::uint32_t>(subject);
    return id - number_of(subject) * count_ == index_;
  }
  /// A composite subject, by its parts.
  bool owns(std::span<const stream::symbol> parts) const {
    if (all()) return true;
    std::uint64_t mixed = 0;
    for (const stream::symbol part : parts) {
      mixed = (mixed ^ static_cast<std::uint32_t>(part)) * 0x9e3779b97f4a7c15;  // 2^64 over the golden ratio
      mixed ^= mixed >> 32;
    }
    return owns(static_cast<stream::symbol>(mixed));
  }

  /// Numbers the share's own subjects from 0 as densely as their ids are: id / count.
  std::uint32_t number_of(stream::symbol subject) const {
    // By multiplication with the reciprocal, exact for 32 bits (Lemire, Kaser, Kurz 2019, "Faster remainder by direct
    // computation"); one share's reciprocal, 2^64, would not fit.
    const auto id = static_cast<std::uint32_t>(subject);
    __extension__ using wide = unsigned __int128;
    return static_cast<std::uint32_t>((wide{reciprocal_} * id) >> 64) + (id & whole_);
  }

  friend bool operator==(const subject_share&, const subject_share&) = default;

 private:
  std::uint32_t index_ = 0;
  std::uint32_t count_ = 1;
  std::uint32_t whole_ = ~std::uint32_t{0};  // all bits where there is one share
  std::uint64_t reciprocal_ = 0;             // of count, times 2^64, rounded up
};

}  // namespace weir::cep
