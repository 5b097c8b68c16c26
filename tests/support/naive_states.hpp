#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "graph/concepts.hpp"
#include "tests/support/naive_graph.hpp"

namespace weir::testing {

/// Core numbers by the definition: for each k, who has fewer neighbours is stripped until nobody is.
std::vector<std::uint32_t> naive_core_numbers(const naive_graph& g);

/// For each vertex the least that it reaches and that reaches it: all ways are followed.
std::vector<graph::vertex_id> naive_strong_names(const naive_graph& g);

/// Labels after so many rounds, in each of which all vertices look at all edges.
std::vector<graph::vertex_id> naive_labels(const naive_graph& g, std::size_t rounds);

}  // namespace weir::testing
