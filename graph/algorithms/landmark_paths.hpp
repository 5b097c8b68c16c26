#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "graph/concepts.hpp"
#include "graph/vertex_states.hpp"

namespace weir::graph {

/// From every vertex, how many edges the shortest way to each of some landmarks takes, as GraphX's `ShortestPaths`.
/// Exact, and only computed afresh: a breadth first search against the edges for each landmark. Who needs it to follow
/// the stream keeps `hops` against the edges, from each landmark. 4 bytes a vertex and landmark.
class landmark_paths {
 public:
  explicit landmark_paths(std::vector<vertex_id> landmarks) : landmarks_(std::move(landmarks)) {}

  /// Those landmarks that `v` reaches, with the number of edges; a landmark reaches itself over none.
  std::map<vertex_id, std::uint32_t> operator[](vertex_id v) const {
    std::map<vertex_id, std::uint32_t> reached;
    for (std::size_t i = 0; i < edges_.size(); ++i) {
      if (const std::uint32_t beyond = edges_[i][v]; beyond > 0) reached.emplace(landmarks_[i], beyond - 1);
    }
    return reached;
  }

  /// Takes the edges of all that reach a landmark, for each of these.
  template <directed_graph G>
  void recompute(const G& g) {
    edges_.clear();
    for (const vertex_id landmark : landmarks_) edges_.push_back(search(g, landmark));
  }

 private:
  template <directed_graph G>
  static vertex_states<std::uint32_t> search(const G& g, vertex_id landmark) {
    vertex_states<std::uint32_t> edges;
    edges.at(landmark) = 1;
    std::vector<vertex_id> reached{landmark};
    for (std::size_t i = 0; i < reached.size(); ++i) {
      const std::uint32_t next = edges[reached[i]] + 1;
      const auto coming = g.in_edges(reached[i]);
      for (const neighbour n : coming) {
        if (edges[n.vertex] != 0) continue;
        edges.at(n.vertex) = next;
        reached.push_back(n.vertex);
      }
    }
    return edges;
  }

  std::vector<vertex_id> landmarks_;
  std::vector<vertex_states<std::uint32_t>> edges_;  // by landmark; one more than there are, 0 for none
};

}  // namespace weir::graph
