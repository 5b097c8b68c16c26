#pragma once

#include <cstdint>

#include "graph/algorithms/communities.hpp"
#include "graph/algorithms/components.hpp"
#include "graph/algorithms/fans.hpp"
#include "graph/algorithms/flows.hpp"
#include "graph/algorithms/hops.hpp"
#include "graph/algorithms/k_core.hpp"
#include "graph/algorithms/label_propagation.hpp"
#include "graph/algorithms/page_rank.hpp"
#include "graph/algorithms/strong_components.hpp"
#include "graph/algorithms/temporal_cycles.hpp"
#include "graph/algorithms/triangles.hpp"

namespace weir::bench {

/// Calls `visit` with the name of each algorithm that is measured on an R-MAT stream, and its state, which is empty.
/// Edges come one a microsecond; `source` is a vertex that has some.
void each_graph_state(graph::vertex_id source, auto visit) {
  constexpr std::int64_t cycle_within_us = 10'000;
  visit("flows", graph::flows());
  visit("fans", graph::fans());
  visit("components", graph::components());
  visit("hops", graph::hops({.sources = {source}, .at_most = 100}));
  visit("pagerank", graph::page_rank());
  visit("triangles", graph::triangles());
  visit("k_core", graph::k_core());
  visit("strong", graph::strong_components());
  visit("cycles", graph::temporal_cycles({.length_max = 3, .within_us = cycle_within_us}));
  visit("labels", graph::label_propagation());
  visit("communities", graph::communities());
}

}  // namespace weir::bench
