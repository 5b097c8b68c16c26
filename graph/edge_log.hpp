#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <iterator>

#include "graph/concepts.hpp"
#include "graph/memory/span_pool.hpp"

namespace weir::graph {

/// All edges of a window in the order of the stream: the newest are pushed, the oldest popped. Columns in blocks of
/// 16384 edges. Times and weights of a full block are kept as differences to its least, in four bytes where they fit,
/// so that an edge takes 16 bytes as a rule (times within 71 minutes, weights within 42 million units and cents), 24 at
/// most.
///
///     block:  from │ to │ at: base + low (+ high) │ weight: base + low (+ high)
///
/// An edge that is retracted leaves a mark until its turn to be popped comes. Of one thread.
class edge_log {
 public:
  class iterator;

  explicit edge_log(span_pool& spans) : spans_(&spans) {}

  /// Adds an edge that is not older than the last.
  edge_id push(const edge_event& e);
  /// Forgets the oldest, marked or not.
  void pop();
  /// Marks an edge as retracted.
  void mark(edge_id e);

  /// The oldest, marked or not; `end()` if there is none.
  edge_id first() const { return first_; }
  /// The id that the next edge will have.
  edge_id end() const { return end_; }
  /// Without the marked ones.
  std::size_t size() const { return static_cast<std::uint64_t>(end_) - static_cast<std::uint64_t>(first_) - marked_; }
  bool contains(edge_id e) const { return e >= first_ && e < end_ && from(e) != marked; }

  /// Of an edge that is between `first()` and `end()`.
  vertex_id from(edge_id e) const { return vertex_id{block_of(e).from[offset(e)]}; }
  vertex_id to(edge_id e) const { return vertex_id{block_of(e).to[offset(e)]}; }
  time_us at(edge_id e) const { return time_us{block_of(e).at.read(offset(e))}; }
  std::int64_t weight(edge_id e) const { return block_of(e).weight.read(offset(e)); }
  edge operator[](edge_id e) const;

  /// The first edge, marked or not, that is not older than `oldest`. Takes the logarithm of the size.
  edge_id first_since(time_us oldest) const;

  /// Beyond the spans.
  std::size_t bytes() const { return blocks_.size() * sizeof(block); }

 private:
  static constexpr std::size_t block_size = span_pool::span_bytes / sizeof(std::uint32_t);
  static constexpr vertex_id marked{~std::uint32_t{0}};

  /// Numbers of 64 bits in one or two spans.
  struct column {
    std::int64_t base = 0;
    std::uint32_t* low = nullptr;
    std::uint32_t* high = nullptr;

    std::int64_t read(std::size_t i) const {
      std::uint64_t beyond = low[i];
      if (high != nullptr) beyond |= std::uint64_t{high[i]} << 32;
      return static_cast<std::int64_t>(static_cast<std::uint64_t>(base) + beyond);
    }
    void write(std::size_t i, std::int64_t value) {
      low[i] = static_cast<std::uint32_t>(value);
      high[i] = static_cast<std::uint32_t>(static_cast<std::uint64_t>(value) >> 32);
    }
  };

  struct block {
    std::uint32_t* from = nullptr;
    std::uint32_t* to = nullptr;
    column at;
    column weight;
  };

  static std::size_t offset(edge_id e) { return static_cast<std::uint64_t>(e) % block_size; }
  std::size_t block_number(edge_id e) const {
    return static_cast<std::size_t>(static_cast<std::uint64_t>(e) / block_size -
                                    static_cast<std::uint64_t>(first_) / block_size);
  }
  const block& block_of(edge_id e) const { return blocks_[block_number(e)]; }

  void open_block();
  void narrow(column& c);
  std::uint32_t* take();
  void give_back(std::uint32_t* span);
  void give_back(block& b);

  span_pool* spans_;
  std::deque<block> blocks_;
  edge_id first_{};
  edge_id end_{};
  std::size_t marked_ = 0;
};

/// Walks the edges that are not marked.
class edge_log::iterator {
 public:
  using value_type = edge;
  using difference_type = std::ptrdiff_t;
  using iterator_concept = std::forward_iterator_tag;
  using iterator_category = std::input_iterator_tag;

  iterator() = default;
  /// At the first edge from `e` on, but not beyond `end`.
  iterator(const edge_log& log, edge_id e, edge_id end) : log_(&log), e_(e), end_(end) { skip_marked(); }

  edge operator*() const { return (*log_)[e_]; }
  iterator& operator++() {
    e_ = edge_id{static_cast<std::uint64_t>(e_) + 1};
    skip_marked();
    return *this;
  }
  iterator operator++(int) {
    iterator old = *this;
    ++*this;
    return old;
  }
  friend bool operator==(const iterator& a, const iterator& b) { return a.e_ == b.e_; }

 private:
  void skip_marked() {
    while (e_ < end_ && log_->from(e_) == marked) e_ = edge_id{static_cast<std::uint64_t>(e_) + 1};
  }

  const edge_log* log_ = nullptr;
  edge_id e_{};
  edge_id end_{};
};

}  // namespace weir::graph
