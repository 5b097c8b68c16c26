#pragma once

#include <vector>

#include "graph/concepts.hpp"

namespace weir::graph {

/// What one micro-batch changed, each list in the order of the stream. An edge is in at most one list: what came and
/// left with the same batch is in none.
struct delta {
  std::vector<edge> came;
  std::vector<edge> too_old;
  std::vector<edge> taken_back;

  const std::vector<edge>& inserted() const { return came; }
  const std::vector<edge>& expired() const { return too_old; }
  const std::vector<edge>& retracted() const { return taken_back; }
  bool empty() const { return came.empty() && too_old.empty() && taken_back.empty(); }
};
static_assert(edge_delta<delta>);

}  // namespace weir::graph
