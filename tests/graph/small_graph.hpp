#pragma once

#include <cstdint>
#include <vector>

#include "graph/store.hpp"

// Graphs that are drawn by hand: four vertices, and payments of one between them.
namespace weir::graph {

inline constexpr vertex_id a{0};
inline constexpr vertex_id b{1};
inline constexpr vertex_id c{2};
inline constexpr vertex_id d{3};

inline edge_event pay(vertex_id from, vertex_id to, std::int64_t at) { return {from, to, time_us{at}, 1}; }

/// All of them in the window, as of the last.
inline store graph_of(const std::vector<edge_event>& edges) {
  store g({.keep_us = 1'000});
  g.apply(edges, edges.back().at);
  return g;
}

}  // namespace weir::graph
