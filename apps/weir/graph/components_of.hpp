#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "graph/algorithms/components.hpp"
#include "graph/store.hpp"

namespace weir::app {

/// The weakly connected components, the largest first, of equal ones the one that was met first; in each the vertices
/// in the order in which they were met. Vertices without an edge are in none.
inline std::vector<std::vector<graph::vertex_id>> components_of(const graph::store& g) {
  graph::components connected;
  connected.recompute(g);
  std::vector<std::vector<graph::vertex_id>> all;
  std::vector<std::uint32_t> number_of(g.vertex_count(), ~std::uint32_t{0});  // by representative
  for (std::uint32_t i = 0; i < g.vertex_count(); ++i) {
    const graph::vertex_id v{i};
    if (g.out_degree(v) + g.in_degree(v) == 0) continue;
    auto& number = number_of[static_cast<std::size_t>(connected.representative(v))];
    if (number == ~std::uint32_t{0}) {
      number = static_cast<std::uint32_t>(all.size());
      all.emplace_back();
    }
    all[number].push_back(v);
  }
  std::ranges::stable_sort(all, [](const auto& a, const auto& b) { return a.size() > b.size(); });
  return all;
}

}  // namespace weir::app
