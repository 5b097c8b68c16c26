#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "graph/concepts.hpp"

namespace weir::graph {

/// The vertices in levels, and within a level in an order that can be changed at any place: who is before whom takes
/// constant time, a change too, amortised (Dietz and Sleator, *Two Algorithms for Maintaining Order in a List*, 1987:
/// labels that grow along a list, spread out where there is no room). 24 bytes a vertex. Of one thread.
class core_order {
 public:
  /// `gap`: how far labels are from each other at first; 2 to 2^60.
  explicit core_order(std::int64_t gap = std::int64_t{1} << 32) : gap_(gap) {}

  /// Forgets all, and makes room.
  void reset(std::size_t vertex_count);
  /// Makes room for more vertices; says how many there were.
  std::size_t grow(std::size_t vertex_count);

  /// Puts a vertex that is nowhere at the end of a level, at its beginning, or behind another one.
  void append(vertex_id v, std::uint32_t level);
  void prepend(vertex_id v, std::uint32_t level);
  void insert_after(vertex_id place, vertex_id v);
  void remove(vertex_id v);

  std::uint32_t level(vertex_id v) const { return node_of(v).level; }
  /// Whether `a` is before `b`: in a lower level, or before it in the same one.
  bool before(vertex_id a, vertex_id b) const {
    const node& x = node_of(a);
    const node& y = node_of(b);
    return x.level != y.level ? x.level < y.level : x.label < y.label;
  }

 private:
  static constexpr std::uint32_t none = ~std::uint32_t{0};
  static constexpr std::int64_t far = std::int64_t{1} << 61;  // beyond it labels of a level are given anew

  struct node {
    std::int64_t label = 0;
    std::uint32_t level = 0;
    std::uint32_t before = none;
    std::uint32_t after = none;
  };
  struct ends {
    std::uint32_t first = none;
    std::uint32_t last = none;
  };

  const node& node_of(vertex_id v) const { return nodes_[static_cast<std::size_t>(v)]; }
  ends& level_at(std::uint32_t level);
  void place(std::uint32_t v, std::uint32_t level, std::uint32_t before, std::uint32_t after);
  std::int64_t label_between(std::uint32_t before, std::uint32_t after);
  void make_room_after(std::uint32_t v);
  void renumber(std::uint32_t level);

  std::int64_t gap_;
  std::vector<node> nodes_;
  std::vector<ends> levels_;
};

}  // namespace weir::graph
