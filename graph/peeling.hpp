#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "graph/concepts.hpp"

namespace weir::graph {

/// A simple, undirected graph in rows: the neighbours of each vertex, each once.
struct simple_rows {
  std::vector<std::uint64_t> first{0};  // one more than there are vertices
  std::vector<vertex_id> neighbours;

  std::size_t vertex_count() const { return first.size() - 1; }
  std::span<const vertex_id> row(std::size_t v) const {
    return std::span(neighbours).subspan(first[v], first[v + 1] - first[v]);
  }
};

/// The order in which vertices go when always one with fewest neighbours left is taken.
struct peeling {
  std::vector<vertex_id> order;
  std::vector<std::uint32_t> place;  // of each vertex in the order
  std::vector<std::uint32_t> core;   // the core number of each vertex
};

/// Takes time for each vertex and edge (Batagelj and Zaversnik, *An O(m) Algorithm for Cores Decomposition of
/// Networks*, 2003).
peeling peel(const simple_rows& rows);

}  // namespace weir::graph
