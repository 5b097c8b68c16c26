#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "graph/concepts.hpp"

namespace weir::bench {

struct rmat_options {
  unsigned scale = 20;  // 2^scale vertices
  std::size_t edges = 0;
  std::uint64_t seed = 42;
};

/// Edges of an R-MAT graph (Chakrabarti, Zhan, Faloutsos 2004) with a = 0.57, b = c = 0.19, d = 0.05, as a stream: one
/// a microsecond, weights from 0.01 to 10,000.00. Vertices are numbered at random, so that hubs don't lie side by side.
std::vector<graph::edge_event> rmat_stream(const rmat_options& options);

}  // namespace weir::bench
