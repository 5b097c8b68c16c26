#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "stream/time.hpp"

namespace weir::stream {

/// What waits for its time, the earliest first; of one time, in no stated order. A heap: what comes in nearly in order
/// is cheap to add.
class due_queue {
 public:
  struct due {
    timestamp at{};
    std::uint32_t what = 0;
  };

  bool empty() const { return heap_.empty(); }
  timestamp first_time() const { return heap_.front().at; }

  void add(timestamp at, std::uint32_t what) {
    heap_.push_back({at, what});
    std::ranges::push_heap(heap_, std::greater<>{}, &due::at);
  }

  due take() {
    std::ranges::pop_heap(heap_, std::greater<>{}, &due::at);
    const due first = heap_.back();
    heap_.pop_back();
    return first;
  }

  /// All of them, in no stated order.
  auto begin() const { return heap_.begin(); }
  auto end() const { return heap_.end(); }

  std::size_t bytes() const { return heap_.capacity() * sizeof(due); }

 private:
  std::vector<due> heap_;
};

/// Values that stay at their places until they are freed; places are used again.
template <class T>
class value_pool {
 public:
  T& operator[](std::uint32_t place) { return values_[place]; }
  const T& operator[](std::uint32_t place) const { return values_[place]; }

  std::uint32_t add(T value) {
    if (free_.empty()) {
      values_.push_back(std::move(value));
      return static_cast<std::uint32_t>(values_.size() - 1);
    }
    const std::uint32_t place = free_.back();
    free_.pop_back();
    values_[place] = std::move(value);
    return place;
  }
  void free(std::uint32_t place) { free_.push_back(place); }

  std::size_t size() const { return values_.size() - free_.size(); }
  std::size_t bytes() const { return values_.capacity() * sizeof(T) + free_.capacity() * sizeof(std::uint32_t); }

 private:
  std::vector<T> values_;
  std::vector<std::uint32_t> free_;
};

}  // namespace weir::stream
