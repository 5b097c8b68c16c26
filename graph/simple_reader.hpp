#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <ranges>
#include <utility>

#include "graph/concepts.hpp"
#include "graph/vertex_states.hpp"

namespace weir::graph {

/// The edge that an edge's own graph ends before: with all edges up to `e`, and it.
constexpr edge_id after(edge_id e) { return edge_id{static_cast<std::uint64_t>(e) + 1}; }

/// No edge has this id, and all are before it.
constexpr edge_id beyond_all{std::numeric_limits<std::uint64_t>::max()};

/// The first edge that came with a change, or `beyond_all`. What lies before it in the graph is what was there
/// before the change, without what left.
template <edge_delta D>
edge_id first_new(const D& change) {
  const auto& came = change.inserted();
  const auto first = std::ranges::begin(came);
  if (first == std::ranges::end(came)) return beyond_all;
  return static_cast<edge>(*first).id;
}

/// Reads a multigraph as the simple, undirected graph that it makes: directions, parallel edges and self loops don't
/// count; and as it was before any edge of it came. Counts what it reads. 4 bytes a vertex. Of one thread.
class simple_reader {
 public:
  /// Calls `visit` for each vertex that `v` has an edge with before `end`: once, and not for `v` itself. `visit` may
  /// not read through the same reader.
  template <directed_graph G>
  void each(const G& g, vertex_id v, edge_id end, auto visit) {
    const std::uint32_t mark = next_mark();
    met_.at(v) = mark;
    const auto look = [&](const auto& edges) {
      for (const neighbour n : edges) {
        if (n.edge >= end) break;
        ++edges_read_;
        if (std::exchange(met_.at(n.vertex), mark) != mark) visit(n.vertex);
      }
    };
    look(g.out_edges(v));
    look(g.in_edges(v));
  }

  /// Whether two vertices have an edge with each other before `end`. Reads the edges of the one that has fewer.
  template <directed_graph G>
  bool together(const G& g, vertex_id a, vertex_id b, edge_id end) {
    if (degree(g, b) < degree(g, a)) std::swap(a, b);
    return leads_to(g.out_edges(a), b, end) || leads_to(g.in_edges(a), b, end);
  }

  std::uint64_t edges_read() const { return edges_read_; }

 private:
  std::uint32_t next_mark() {
    if (++mark_ == 0) {
      met_.clear();
      mark_ = 1;
    }
    return mark_;
  }
  template <directed_graph G>
  static std::size_t degree(const G& g, vertex_id v) {
    return std::ranges::size(g.out_edges(v)) + std::ranges::size(g.in_edges(v));
  }
  bool leads_to(const auto& edges, vertex_id other, edge_id end) {
    for (const neighbour n : edges) {
      if (n.edge >= end) break;
      ++edges_read_;
      if (n.vertex == other) return true;
    }
    return false;
  }

  vertex_states<std::uint32_t> met_;  // in which walk a vertex was met last
  std::uint32_t mark_ = 0;
  std::uint64_t edges_read_ = 0;
};

}  // namespace weir::graph
