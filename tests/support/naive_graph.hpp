#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "graph/concepts.hpp"
#include "graph/delta.hpp"

namespace weir::testing {

/// The twin of `graph::store`: a list of edges, all of it read for every question.
class naive_graph {
 public:
  explicit naive_graph(std::int64_t keep_us) : keep_us_(keep_us) {}

  graph::delta apply(std::span<const graph::edge_event> edges, graph::time_us now,
                     std::span<const graph::edge_id> retracted = {});

  std::size_t vertex_count() const { return vertices_; }
  std::size_t edge_count() const { return live_.size(); }
  const std::vector<graph::edge>& edges() const { return live_; }
  std::vector<graph::neighbour> out_edges(graph::vertex_id v) const;
  std::vector<graph::neighbour> in_edges(graph::vertex_id v) const;
  bool contains(graph::edge_id e) const;
  graph::edge edge_of(graph::edge_id e) const;
  graph::time_us at(graph::edge_id e) const { return edge_of(e).at; }
  std::int64_t weight(graph::edge_id e) const { return edge_of(e).weight; }
  std::uint64_t next_edge() const { return next_; }

  /// Up to and with `last`, none older than `oldest`.
  naive_graph as_of(graph::edge_id last, graph::time_us oldest) const;

 private:
  std::int64_t keep_us_;
  std::vector<graph::edge> live_;
  std::uint64_t next_ = 0;
  std::size_t vertices_ = 0;
};
static_assert(graph::directed_graph<naive_graph>);

}  // namespace weir::testing
