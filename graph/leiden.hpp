#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace weir::graph {

/// An undirected graph with weights, in rows: each edge is in the rows of both its ends; self loops are in none.
struct weighted_rows {
  std::vector<std::uint64_t> first{0};  // one more than there are nodes
  std::vector<std::uint32_t> to;
  std::vector<std::uint32_t> weight;    // as `to`
  std::vector<std::uint64_t> strength;  // of a node: all its edges, self loops twice

  std::uint32_t size() const { return static_cast<std::uint32_t>(strength.size()); }
  /// Twice the weight of all edges.
  std::uint64_t total() const;
};

/// For each node the number of its part; below how many nodes there are.
using partition = std::vector<std::uint32_t>;

/// What a node gains by being in a part, in units in which 0 is being alone: the weight of its edges there, less what
/// would be there by chance (Newman and Girvan's modularity, with a resolution γ), times the total weight.
inline double fit(std::uint64_t weight_there, std::uint64_t own_strength, std::uint64_t strength_there,
                  std::uint64_t total, double resolution) {
  return static_cast<double>(weight_there) * static_cast<double>(total) -
         resolution * static_cast<double>(own_strength) * static_cast<double>(strength_there);
}

/// Communities of high modularity (Traag, Waltman, van Eck, *From Louvain to Leiden*, 2019): nodes move to the part
/// that they fit best; parts are refined, from single nodes that join what they are well connected with; what is
/// refined becomes the nodes of a smaller graph, and so on until nothing joins. In the end single nodes move once more,
/// so that none fits another part better. A heuristic; the same each time for the same rows: nodes are taken in order,
/// and join the best part, not one by chance. Takes some dozen walks over all edges.
partition leiden(const weighted_rows& g, double resolution);

}  // namespace weir::graph
