#include "apps/weir/graph/neighbourhood.hpp"

#include <algorithm>
#include <unordered_map>

namespace weir::app {

std::vector<counterpart> counterparts_of(const graph::store& g, graph::vertex_id v) {
  std::vector<counterpart> all;
  std::unordered_map<graph::vertex_id, std::size_t> place;
  const auto meet = [&](const graph::neighbour& n) -> counterpart& {
    const auto at = g.at(n.edge);
    const auto [found, is_new] = place.try_emplace(n.vertex, all.size());
    if (is_new) all.push_back({.vertex = n.vertex, .first = at, .last = at});
    auto& met = all[found->second];
    met.first = std::min(met.first, at);
    met.last = std::max(met.last, at);
    return met;
  };
  for (const auto n : g.out_edges(v)) {
    meet(n).add_sent(1, g.weight(n.edge));
  }
  for (const auto n : g.in_edges(v)) {
    meet(n).add_received(1, g.weight(n.edge));
  }
  std::ranges::stable_sort(all, [](const auto& a, const auto& b) { return a.edges() > b.edges(); });
  return all;
}

}  // namespace weir::app
