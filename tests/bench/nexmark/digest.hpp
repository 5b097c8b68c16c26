#pragma once

#include <cstdint>
#include <initializer_list>

namespace weir::bench::nexmark {

/// How many rows an answer has, and a sum over them that no order changes: what programs in other languages are held
/// to. A row is its numbers; times count as milliseconds, texts not at all.
class digest {
 public:
  void add(std::initializer_list<std::int64_t> numbers) {
    std::uint64_t row = 1;
    for (const std::int64_t number : numbers) row = mixed(row + static_cast<std::uint64_t>(number));
    ++rows_;
    sum_ += row;
  }

  /// The rows of both.
  digest& operator+=(const digest& other) {
    rows_ += other.rows_;
    sum_ += other.sum_;
    return *this;
  }

  std::uint64_t rows() const { return rows_; }
  std::uint64_t sum() const { return sum_; }

  friend bool operator==(const digest&, const digest&) = default;

 private:
  static constexpr std::uint64_t mixed(std::uint64_t z) {
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return z ^ z >> 31;
  }

  std::uint64_t rows_ = 0;
  std::uint64_t sum_ = 0;
};

}  // namespace weir::bench::nexmark
