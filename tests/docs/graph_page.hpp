#pragma once

#include <array>
#include <boost/graph/connected_components.hpp>
#include <cstdint>
#include <functional>
#include <vector>

#include "graph/algorithms/flows.hpp"

// What docs/graph.md takes for granted.
struct prologue {
  std::vector<weir::graph::edge_event> edges;
  weir::graph::time_us now{};
  weir::graph::vertex_id account{};
  weir::graph::edge_id edge{};
  weir::graph::edge_id wrong{};
  weir::graph::time_us an_hour_before{};
};

void look_at(weir::graph::vertex_id, std::int64_t = 0) {}

#define WEIR_PAGE_NAMES(given) auto& [edges, now, account, edge, wrong, an_hour_before] = given;
