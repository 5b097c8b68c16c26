#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <iterator>

#include "graph/concepts.hpp"
#include "graph/fetch_ahead.hpp"

namespace weir::graph {

/// What a ring keeps of an edge: the other end, and the low half of its id. A window has fewer than 2^32 edges, so that
/// half tells them apart.
struct ring_entry {
  vertex_id vertex{};
  std::uint32_t place = 0;
};

/// The edges of one vertex in one direction, oldest first: entries in a circle, the next to leave at `head`.
///
///     slots:  [ 7 ][ 8 ][   ][   ][ 4 ][ 5 ]      head 4, size 4, capacity 6: edges 4 5 7 8
///
/// A view: it is good until the graph changes. Random access, in the order of the stream.
class ring_view {
 public:
  class iterator;

  ring_view() = default;
  /// `oldest` is an edge not after any in the ring, and fewer than 2^32 before them.
  ring_view(const ring_entry* slots, std::uint32_t capacity, std::uint32_t head, std::uint32_t size, edge_id oldest)
      : slots_(slots), oldest_(oldest), capacity_(capacity), head_(head), size_(size) {}

  iterator begin() const;
  iterator end() const;
  std::size_t size() const { return size_; }
  /// Asks for the memory of the first edges.
  void fetch() const {
    constexpr std::uint32_t line = 64 / sizeof(ring_entry);
    const std::uint32_t end = std::min({head_ + size_, capacity_, head_ + 6 * line});
    for (std::uint32_t i = head_; i < end; i += line) fetch_ahead(slots_ + i);
  }
  bool empty() const { return size_ == 0; }

  neighbour operator[](std::size_t i) const {
    std::size_t slot = head_ + i;
    if (slot >= capacity_) slot -= capacity_;
    const ring_entry entry = slots_[slot];
    const auto oldest = static_cast<std::uint64_t>(oldest_);
    return {entry.vertex, edge_id{oldest + (entry.place - static_cast<std::uint32_t>(oldest))}};
  }

  /// How many of these edges come before `e` in the order. Takes the logarithm of the size.
  std::size_t count_before(edge_id e) const;

  /// The edges from the `first`th up to but without the `last`th.
  ring_view part(std::size_t first, std::size_t last) const {
    ring_view cut = *this;
    cut.head_ += static_cast<std::uint32_t>(first);
    if (cut.head_ >= capacity_ && capacity_ > 0) cut.head_ -= capacity_;
    cut.size_ = static_cast<std::uint32_t>(last - first);
    return cut;
  }

 private:
  const ring_entry* slots_ = nullptr;
  edge_id oldest_{};
  std::uint32_t capacity_ = 0;
  std::uint32_t head_ = 0;
  std::uint32_t size_ = 0;
};

/// Gives neighbours by value.
class ring_view::iterator {
 public:
  using value_type = neighbour;
  using difference_type = std::ptrdiff_t;
  using iterator_concept = std::random_access_iterator_tag;
  using iterator_category = std::input_iterator_tag;

  iterator() = default;
  iterator(const ring_view& ring, std::size_t i) : ring_(ring), i_(static_cast<difference_type>(i)) {}

  neighbour operator*() const { return ring_[static_cast<std::size_t>(i_)]; }
  neighbour operator[](difference_type n) const { return *(*this + n); }
  iterator& operator++() { return *this += 1; }
  iterator& operator--() { return *this -= 1; }
  iterator operator++(int) {
    iterator old = *this;
    ++*this;
    return old;
  }
  iterator operator--(int) {
    iterator old = *this;
    --*this;
    return old;
  }
  iterator& operator+=(difference_type n) {
    i_ += n;
    return *this;
  }
  iterator& operator-=(difference_type n) { return *this += -n; }
  friend iterator operator+(iterator i, difference_type n) { return i += n; }
  friend iterator operator+(difference_type n, iterator i) { return i += n; }
  friend iterator operator-(iterator i, difference_type n) { return i -= n; }
  friend difference_type operator-(const iterator& a, const iterator& b) { return a.i_ - b.i_; }
  friend bool operator==(const iterator& a, const iterator& b) { return a.i_ == b.i_; }
  friend std::strong_ordering operator<=>(const iterator& a, const iterator& b) { return a.i_ <=> b.i_; }

 private:
  ring_view ring_;
  difference_type i_ = 0;
};

inline ring_view::iterator ring_view::begin() const { return {*this, 0}; }
inline ring_view::iterator ring_view::end() const { return {*this, size_}; }

inline std::size_t ring_view::count_before(edge_id e) const {
  std::size_t first = 0;
  std::size_t last = size_;
  while (first < last) {
    const std::size_t middle = first + (last - first) / 2;
    if ((*this)[middle].edge < e) {
      first = middle + 1;
    } else {
      last = middle;
    }
  }
  return first;
}

}  // namespace weir::graph

template <>
inline constexpr bool std::ranges::enable_borrowed_range<weir::graph::ring_view> = true;
