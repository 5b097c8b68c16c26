#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

#include "stream/dictionary.hpp"

namespace weir::cep {

/// A row of bytes for each subject, found by its dense id without a hash: an array, in pages that exist only where a
/// subject has had a state. A new row is all zero. Rows don't move.
class state_rows {
 public:
  /// `bytes` of a row, a multiple of 8.
  explicit state_rows(std::size_t bytes) : bytes_(bytes) {}

  std::byte* find(stream::symbol subject) const {
    const auto id = static_cast<std::size_t>(subject);
    const std::size_t page = id / page_rows;
    return page < pages_.size() && pages_[page] ? pages_[page].get() + id % page_rows * bytes_ : nullptr;
  }
  std::byte* operator[](stream::symbol subject) {
    std::byte* const known = find(subject);
    return known != nullptr ? known : add_page(static_cast<std::size_t>(subject));
  }

  /// Calls `visit(subject, row)` for all rows; a page whose rows have all given false goes back.
  template <class Visit>
  void sweep(const Visit& visit) {
    for (std::size_t page = 0; page < pages_.size(); ++page) {
      if (!pages_[page]) continue;
      bool in_use = false;
      for (std::size_t i = 0; i < page_rows; ++i) {
        in_use |= visit(static_cast<stream::symbol>(page * page_rows + i), pages_[page].get() + i * bytes_);
      }
      if (!in_use) pages_[page].reset();
    }
  }

  std::size_t row_bytes() const { return bytes_; }

 private:
  static constexpr std::size_t page_rows = 256;
  static constexpr std::align_val_t alignment{64};
  struct free_page {
    void operator()(std::byte* p) const { ::operator delete[](p, alignment); }
  };

  std::byte* add_page(std::size_t id) {
    const std::size_t page = id / page_rows;
    if (page >= pages_.size()) pages_.resize(page + 1);
    const std::size_t size = page_rows * bytes_;
    pages_[page].reset(static_cast<std::byte*>(::operator new[](size, alignment)));
    std::memset(pages_[page].get(), 0, size);
    return pages_[page].get() + id % page_rows * bytes_;
  }

  std::size_t bytes_;
  std::vector<std::unique_ptr<std::byte[], free_page>> pages_;
};

}  // namespace weir::cep
