#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

#include "cep/subject_share.hpp"
#include "stream/dictionary.hpp"
#include "stream/large_memory.hpp"

namespace weir::cep {

/// A row of bytes for each subject of a share, found by its dense id without a hash: an array, in pages that exist only
/// where a subject has had a state. A new row is all zero. Rows don't move.
class state_rows {
 public:
  /// `bytes` of a row, a multiple of 16. Only subjects of the share are asked for.
  explicit state_rows(std::size_t bytes, subject_share share = {})
      : bytes_(bytes),
        share_(share),
        group_pages_(std::max<std::size_t>(
            1, stream::large_memory::page_bytes / (page_rows * std::max<std::size_t>(bytes, 1)))) {}

  std::byte* find(stream::symbol subject) const {
    const std::size_t place = share_.number_of(subject);
    const std::size_t number = place / page_rows;
    if (number >= pages_.size() || pages_[number].rows == nullptr) return nullptr;
    return pages_[number].rows + place % page_rows * bytes_;
  }
  /// The row, which is in use from now on.
  std::byte* operator[](stream::symbol subject) {
    const std::size_t place = share_.number_of(subject);
    page& holder = page_at(place / page_rows);
    const std::size_t row = place % page_rows;
    holder.used[row / 64] |= std::uint64_t{1} << (row % 64);
    return holder.rows + row * bytes_;
  }
  /// The row, to be read, and to be written where it is in use already: else it is all zero, and stays so.
  std::byte* look_at(stream::symbol subject) {
    const std::size_t place = share_.number_of(subject);
    return page_at(place / page_rows).rows + place % page_rows * bytes_;
  }

  /// Calls `visit(row)` for all rows in use. One that gives false is all zero again, and no longer in use; memory
  /// without rows in use goes back.
  template <class Visit>
  void sweep(const Visit& visit) {
    for (std::size_t number = 0; number < pages_.size(); ++number) {
      page& holder = pages_[number];
      if (holder.rows == nullptr) continue;
      std::uint64_t in_use = 0;
      for (std::size_t word = 0; word < used_words; ++word) {
        for (std::uint64_t bits = holder.used[word]; bits != 0; bits &= bits - 1) {
          const auto bit = static_cast<unsigned>(std::countr_zero(bits));
          std::byte* const row = holder.rows + (word * 64 + bit) * bytes_;
          if (visit(row)) continue;
          std::memset(row, 0, bytes_);
          holder.used[word] &= ~(std::uint64_t{1} << bit);
        }
        in_use |= holder.used[word];
      }
      if (in_use == 0) remove_page(number);
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
  /// Of all memory held for rows.
  std::size_t bytes() const {
    std::size_t sum = 0;
    for (const group& g : groups_) sum += g.memory.bytes();
    for (const auto& first : first_) sum += first ? page_rows * bytes_ : 0;
    return sum;
  }

 private:
  static constexpr std::size_t page_rows = 256;
  static constexpr std::size_t used_words = page_rows / 64;
  static constexpr std::size_t first_pages = 16;  // taken one by one: few subjects need little memory
  static constexpr std::align_val_t alignment{64};
  struct free_rows {
    void operator()(std::byte* p) const { ::operator delete[](p, alignment); }
  };
  struct page {
    std::byte* rows = nullptr;
    std::uint64_t used[used_words] = {};  // a bit a row
  };
  /// Pages side by side, taken and given back together.
  struct group {
    stream::large_memory memory;
    std::size_t pages = 0;  // that have rows in use
  };

  page& page_at(std::size_t number) {
    if (number >= pages_.size() || pages_[number].rows == nullptr) add_page(number);
    return pages_[number];
  }
  void add_page(std::size_t number) {
    if (number >= pages_.size()) pages_.resize(number + 1);
    const std::size_t size = page_rows * bytes_;
    if (number < first_pages) {
      first_[number].reset(static_cast<std::byte*>(::operator new[](size, alignment)));
      std::memset(first_[number].get(), 0, size);
      pages_[number].rows = first_[number].get();
      return;
    }
    const std::size_t place = (number - first_pages) / group_pages_;
    if (place >= groups_.size()) groups_.resize(place + 1);
    group& holder = groups_[place];
    if (!holder.memory) holder.memory = stream::large_memory(group_pages_ * size);
    ++holder.pages;
    pages_[number].rows = holder.memory.data() + (number - first_pages) % group_pages_ * size;
  }
  void remove_page(std::size_t number) {
    pages_[number].rows = nullptr;
    if (number < first_pages) return first_[number].reset();
    group& holder = groups_[(number - first_pages) / group_pages_];
    if (--holder.pages == 0) holder.memory = {};
  }

  std::size_t bytes_;
  subject_share share_;
  std::size_t group_pages_;
  std::vector<page> pages_;
  std::array<std::unique_ptr<std::byte[], free_rows>, first_pages> first_;
  std::vector<group> groups_;
};

}  // namespace weir::cep
