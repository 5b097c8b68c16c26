#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace weir::testing {

/// Random numbers drawn beforehand, which a writer of rules or events reads as its choices. A tape that has come to its
/// end gives zeros, and zero is always the simplest choice: so a failing case shrinks by shrinking its tapes.
using tape = std::vector<std::uint8_t>;

class tape_reader {
 public:
  explicit tape_reader(std::span<const std::uint8_t> choices) : choices_(choices) {}

  /// A choice among `n`.
  std::size_t choose(std::size_t n) {
    const std::size_t drawn = next_ < choices_.size() ? choices_[next_] : 0;
    ++next_;
    return drawn % n;
  }
  /// True about once in `n` times; never on an empty tape.
  bool once_in(std::size_t n) { return choose(n) == n - 1; }
  bool ended() const { return next_ >= choices_.size(); }

  template <class T>
  const T& pick(const std::vector<T>& from) {
    return from[choose(from.size())];
  }

 private:
  std::span<const std::uint8_t> choices_;
  std::size_t next_ = 0;
};

}  // namespace weir::testing
