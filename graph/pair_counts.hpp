#pragma once

#include <cstddef>
#include <cstdint>

#include <boost/unordered/unordered_flat_map.hpp>

#include "graph/concepts.hpp"

namespace weir::graph {

/// How many parallel edges lead from one vertex to another: what turns a multigraph into a simple one. Who asks for the
/// simple graph keeps one, and pays some 20 bytes for each pair that has an edge.
class pair_counts {
 public:
  /// Adds one edge, or some. How many there are of the pair now.
  std::uint32_t add(vertex_id from, vertex_id to, std::uint32_t edges = 1) { return counts_[key(from, to)] += edges; }
  /// Takes edges away that were added. How many of the pair are left.
  std::uint32_t take(vertex_id from, vertex_id to, std::uint32_t edges = 1) {
    const auto at = counts_.find(key(from, to));
    const std::uint32_t left = at->second -= edges;
    if (left == 0) counts_.erase(at);
    return left;
  }
  std::uint32_t of(vertex_id from, vertex_id to) const {
    const auto at = counts_.find(key(from, to));
    return at == counts_.end() ? 0 : at->second;
  }
  /// Makes room for so many pairs.
  void reserve(std::size_t pairs) { counts_.reserve(pairs); }
  /// Pairs that have an edge.
  std::size_t size() const { return counts_.size(); }

  friend bool operator==(const pair_counts&, const pair_counts&) = default;

 private:
  static std::uint64_t key(vertex_id from, vertex_id to) {
    return std::uint64_t{static_cast<std::uint32_t>(from)} << 32 | static_cast<std::uint32_t>(to);
  }

  boost::unordered_flat_map<std::uint64_t, std::uint32_t> counts_;
};

}  // namespace weir::graph
