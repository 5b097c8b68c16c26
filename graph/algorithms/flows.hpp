#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "graph/concepts.hpp"
#include "graph/vertex_states.hpp"

namespace weir::graph {

/// The edges of a vertex, and the sum of their weights, by direction. A self loop is in both directions.
struct flow {
  std::uint64_t in_degree = 0;
  std::uint64_t out_degree = 0;
  std::int64_t in_flow = 0;
  std::int64_t out_flow = 0;

  friend bool operator==(const flow&, const flow&) = default;
};

/// Degree and flow of every vertex. Exact: sums of integers, which wrap around beyond 2^63. `apply` takes constant time
/// for each edge of the change; of more than half of the graph it starts afresh.
class flows {
 public:
  const flow& operator[](vertex_id v) const { return flows_[v]; }

  template <directed_graph G, edge_delta D>
  std::vector<vertex_id> apply(const G& g, const D& change) {
    if (size_of_change(change) > g.edge_count() / 2 + few) {
      const vertex_states<flow> before = flows_;
      recompute(g);
      return flows_.differing_from(before);
    }
    return flows_.changed_by(ends_of(change), [&] {
      for (const edge& e : change.inserted()) add(e);
      for (const edge& e : change.expired()) take(e);
      for (const edge& e : change.retracted()) take(e);
    });
  }

  template <directed_graph G>
  void recompute(const G& g) {
    flows_.clear();
    for (const edge& e : g.edges()) add(e);
  }

  template <directed_graph G>
  bool verify(const G& g) const {
    flows afresh;
    afresh.recompute(g);
    return afresh.flows_ == flows_;
  }

 private:
  static constexpr std::size_t few = 16;

  static void sum(std::int64_t& to, std::int64_t weight, bool add) {
    const auto by = static_cast<std::uint64_t>(weight);
    to = static_cast<std::int64_t>(add ? static_cast<std::uint64_t>(to) + by : static_cast<std::uint64_t>(to) - by);
  }
  void add(const edge& e) {
    ++flows_.at(e.from).out_degree;
    ++flows_.at(e.to).in_degree;
    sum(flows_.at(e.from).out_flow, e.weight, true);
    sum(flows_.at(e.to).in_flow, e.weight, true);
  }
  void take(const edge& e) {
    --flows_.at(e.from).out_degree;
    --flows_.at(e.to).in_degree;
    sum(flows_.at(e.from).out_flow, e.weight, false);
    sum(flows_.at(e.to).in_flow, e.weight, false);
  }

  vertex_states<flow> flows_;
};

}  // namespace weir::graph
