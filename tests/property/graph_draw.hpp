#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graph/concepts.hpp"
#include "tests/property/tape.hpp"

namespace weir::testing {

/// What one micro-batch brings to a graph.
struct graph_batch {
  std::vector<graph::edge_event> edges;
  std::vector<graph::edge_id> retracted;
  graph::time_us now{};
};

/// The window of the graphs that random batches are for.
constexpr std::int64_t drawn_keep_us = 20;

/// Micro-batches by chance: few vertices, so that there are parallel edges, loops and a hub; equal times, gaps in which
/// all expires; single edges and bursts of hundreds; edges taken back, old ones, new ones, and some that never were.
std::vector<graph_batch> draw_graph_batches(const tape& draw);

/// For a message.
std::string to_text(const std::vector<graph_batch>& batches);

}  // namespace weir::testing
