#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "stream/fetch_ahead.hpp"

namespace weir::cep {

/// A queue of plain values in one power-of-two buffer, indexed from its oldest element. An empty one holds no memory,
/// and three words; state per subject is made of these.
template <class T>
class ring {
 public:
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  T& operator[](std::size_t i) { return cells_[(first_ + i) & (capacity_ - 1)]; }
  const T& operator[](std::size_t i) const { return cells_[(first_ + i) & (capacity_ - 1)]; }
  const T& front() const { return (*this)[0]; }
  const T& back() const { return (*this)[size_ - 1]; }

  void push_back(const T& value) {
    if (size_ == capacity_) grow();
    (*this)[size_++] = value;
  }
  void pop_front() {
    first_ = (first_ + 1) & (capacity_ - 1);
    --size_;
  }
  void pop_back() { --size_; }
  void clear() { size_ = 0; }

  /// Asks the processor for the oldest and the newest element, so that they are near when they are read.
  void prefetch_ends() const {
    if (empty()) return;
    stream::fetch_ahead(&front());
    stream::fetch_ahead(&back());
  }

  std::size_t bytes() const { return capacity_ * sizeof(T); }

 private:
  void grow() {
    const std::uint32_t wider = capacity_ == 0 ? 4 : capacity_ * 2;
    auto cells = std::make_unique_for_overwrite<T[]>(wider);
    for (std::size_t i = 0; i < size_; ++i) cells[i] = (*this)[i];
    cells_ = std::move(cells);
    capacity_ = wider;
    first_ = 0;
  }

  std::unique_ptr<T[]> cells_;
  std::uint32_t capacity_ = 0;
  std::uint32_t first_ = 0;
  std::uint32_t size_ = 0;
};

}  // namespace weir::cep
