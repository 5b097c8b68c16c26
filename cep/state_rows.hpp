#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

#include "cep/subject_share.hpp"
#include "stream/dictionary.hpp"

namespace weir::cep {

/// A row of bytes for each subject of a share, found by its dense id without a hash: an array, in pages that exist only
/// where a subject has had a state. A new row is all zero. Rows don't move.
class state_rows {
 public:
  /// `bytes` of a row, a multiple of 16. Only subjects of the share are asked for.
  explicit state_rows(std::size_t bytes, subject_share share = {}) : bytes_(bytes), share_(share) {}

  std::byte* find(stream::symbol subject) const {
    const std::size_t place = share_.number_of(subject);
    const std::size_t number = place / page_rows;
    if (number >= pages_.size() || !pages_[number].rows) return nullptr;
    return pages_[number].rows.get() + place % page_rows * bytes_;
  }
  /// The row, which is in use from now on.
  std::byte* operator[](stream::symbol subject) {
    const std::size_t place = share_.number_of(subject);
    const std::size_t number = place / page_rows;
    if (number >= pages_.size() || !pages_[number].rows) add_page(number);
    page& holder = pages_[number];
    const std::size_t row = place % page_rows;
    holder.used[row / 64] |= std::uint64_t{1} << (row % 64);
    return holder.rows.get() + row * bytes_;
  }

  /// Calls `visit(row)` for all rows in use. One that gives false is all zero again, and no longer in use; a page
  /// without rows in use goes back.
  template <class Visit>
  void sweep(const Visit& visit) {
    for (page& holder : pages_) {
      if (!holder.rows) continue;
      std::uint64_t in_use = 0;
      for (std::size_t word = 0; word < used_words; ++word) {
        for (std::uint64_t bits = holder.used[word]; bits != 0; bits &= bits - 1) {
          const auto bit = static_cast<unsigned>(std::countr_zero(bits));
          std::byte* const row = holder.rows.get() + (word * 64 + bit) * bytes_;
          if (visit(row)) continue;
          std::memset(row, 0, bytes_);
          holder.used[word] &= ~(std::uint64_t{1} << bit);
        }
        in_use |= holder.used[word];
      }
      if (in_use == 0) holder.rows.reset();
    }
  }

  std::size_t in_use() const {
    std::size_t rows = 0;
    for (const page& holder : pages_) {
      for (const std::uint64_t bits : holder.used) rows += static_cast<std::size_t>(std::popcount(bits));
    }
    return rows;
  }

  std::size_t row_bytes() const { return bytes_; }

 private:
  static constexpr std::size_t page_rows = 256;
  static constexpr std::size_t used_words = page_rows / 64;
  static constexpr std::align_val_t alignment{64};
  struct free_rows {
    void operator()(std::byte* p) const { ::operator delete[](p, alignment); }
  };
  struct page {
    std::unique_ptr<std::byte[], free_rows> rows;
    std::uint64_t used[used_words] = {};  // a bit a row
  };

  void add_page(std::size_t number) {
    if (number >= pages_.size()) pages_.resize(number + 1);
    const std::size_t size = page_rows * bytes_;
    pages_[number].rows.reset(static_cast<std::byte*>(::operator new[](size, alignment)));
    std::memset(pages_[number].rows.get(), 0, size);
  }

  std::size_t bytes_;
  subject_share share_;
  std::vector<page> pages_;
};

}  // namespace weir::cep
