#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "graph/concepts.hpp"
#include "graph/memory/ring_pool.hpp"
#include "graph/store.hpp"

namespace weir::graph {

/// All edges of one direction by vertex, without gaps (compressed sparse rows), for work that reads the whole graph
/// many times: 12 bytes an edge and 8 a vertex. A copy, which changes with nothing.
///
///     first:       0     2  2        5        row of vertex 0: neighbours[0..2), of vertex 1: none, …
///     neighbours: [b][d][a][a][c]
struct csr {
  std::vector<std::uint64_t> first;  // one more than there are vertices
  std::vector<vertex_id> neighbours;
  std::vector<edge_id> edges;  // as neighbours

  std::size_t vertex_count() const { return first.size() - 1; }
  std::span<const vertex_id> row(vertex_id v) const { return part(neighbours, v); }
  std::span<const edge_id> edges_of(vertex_id v) const { return part(edges, v); }

 private:
  template <class T>
  std::span<const T> part(const std::vector<T>& all, vertex_id v) const {
    const auto i = static_cast<std::size_t>(v);
    return std::span(all).subspan(first[i], first[i + 1] - first[i]);
  }
};

/// Rows in the order of the stream. Takes time for each vertex and edge.
template <directed_graph G>
csr make_csr(const G& g, direction side) {
  csr rows;
  rows.first.reserve(g.vertex_count() + 1);
  rows.first.push_back(0);
  for (std::size_t i = 0; i < g.vertex_count(); ++i) {
    const vertex_id v{static_cast<std::uint32_t>(i)};
    const auto edges = side == direction::out ? g.out_edges(v) : g.in_edges(v);
    for (const neighbour n : edges) {
      rows.neighbours.push_back(n.vertex);
      rows.edges.push_back(n.edge);
    }
    rows.first.push_back(rows.neighbours.size());
  }
  return rows;
}

/// A snapshot that is made when somebody asks, and again only when the store has changed since. For one store.
class lazy_csr {
 public:
  explicit lazy_csr(direction side) : side_(side) {}

  const csr& of(const store& g) {
    if (version_ != g.version()) {
      rows_ = make_csr(g, side_);
      version_ = g.version();
    }
    return rows_;
  }

 private:
  direction side_;
  std::optional<std::uint64_t> version_;
  csr rows_;
};

}  // namespace weir::graph
