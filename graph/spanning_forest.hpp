#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "graph/concepts.hpp"

namespace weir::graph {

/// A spanning forest of the youngest edges: of all cycles that edges make, the oldest edge of each is left out. When
/// edges leave by age, one that leaves either is not in the forest, or nothing in the graph can replace it: whatever
/// else led from one side to the other was older. (Maximum spanning forest by time of expiry.)
///
/// Rooted trees, by parent pointers; each vertex knows how many are below it. An ancestor has more below it than its
/// descendants, so that who meets whom is found by going up from the lighter of two. Trees are not balanced: an
/// operation takes the depth of the tree, some dozen steps in graphs of payments, and the length of a chain in the
/// worst case; `steps()` counts, for who wants to start afresh instead. 16 bytes a vertex. Of one thread.
class spanning_forest {
 public:
  bool connected(vertex_id a, vertex_id b) const;
  /// The root of a vertex's tree. It stays while nothing is added or cut, and says nothing else.
  vertex_id root(vertex_id v) const;
  /// Vertices in its tree.
  std::size_t tree_size(vertex_id v) const { return node_of(root(v)).size; }

  /// Adds an edge that is younger than all others. Whether it joined two trees; if not, it replaces the oldest of the
  /// cycle that it makes, or is a self loop and changes nothing.
  bool add(const edge& e);
  /// Adds an edge between two trees, of any age.
  void link(const edge& e);
  bool has(const edge& e) const;
  /// Takes an edge of the forest away: one tree becomes two.
  void cut(const edge& e);

  /// Starts afresh with edges that make a forest, and vertices below `vertex_count`.
  void assign(std::size_t vertex_count, std::span<const edge> forest);

  /// Steps from vertex to vertex so far.
  std::uint64_t steps() const { return steps_; }

 private:
  static constexpr vertex_id none{~std::uint32_t{0}};

  struct node {
    vertex_id parent = none;
    std::uint32_t size = 1;  // of the subtree
    edge_id up{};            // the edge to the parent
  };

  /// Where the ways up from two vertices meet, and the oldest edge on the way between them.
  struct meeting {
    vertex_id at = none;      // none: in two trees
    vertex_id oldest = none;  // whose edge up it is
    bool under_first = false;
  };

  const node& node_of(vertex_id v) const;
  node& at(vertex_id v) { return nodes_[static_cast<std::size_t>(v)]; }
  void touch(vertex_id v);
  meeting meet(vertex_id a, vertex_id b) const;
  void add_size(vertex_id from, vertex_id to, std::uint32_t size);
  void make_root(vertex_id v);
  void hang(vertex_id below, vertex_id above, edge_id e);
  void replace(const meeting& met, vertex_id below, vertex_id above, edge_id e);

  std::vector<node> nodes_;
  mutable std::uint64_t steps_ = 0;
};

}  // namespace weir::graph
