#pragma once

#include <set>
#include <vector>

#include "graph/algorithms/fan_patterns.hpp"
#include "graph/algorithms/temporal_cycles.hpp"
#include "graph/algorithms/temporal_paths.hpp"
#include "tests/support/naive_graph.hpp"

namespace weir::testing {

/// All temporal cycles that end at `last`: every sequence of edges is tried, from the first on.
std::set<std::vector<graph::edge_id>> naive_cycles(const naive_graph& g, const graph::edge& last,
                                                   const graph::cycle_options& options);

/// All temporal paths: every sequence of edges is tried, from the first on.
std::set<std::vector<graph::edge_id>> naive_paths(const naive_graph& g, graph::vertex_id source,
                                                  graph::vertex_id target, const graph::path_options& options);

/// Whether there is such a pattern: every source, and every middleman, is tried.
bool naive_scatter_gather(const naive_graph& g, const graph::edge& last, const graph::fan_pattern_options& options);

/// Whether there is such a pattern: every moment between gathering and scattering is tried.
bool naive_gather_scatter(const naive_graph& g, const graph::edge& last, const graph::fan_pattern_options& options);

}  // namespace weir::testing
