#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <ranges>
#include <unordered_map>
#include <vector>

#include "graph/concepts.hpp"

namespace weir::graph {

/// Which paths count: at most so many edges, the last at most `within_us` after the first.
struct path_options {
  std::size_t length_max = 6;
  std::int64_t within_us = 0;
  /// Accepts edges of equal time in the stream's order; otherwise times strictly increase.
  bool in_order = false;
  /// Edges that one search looks at, at most.
  std::size_t steps_max = 1'000'000;
};

/// The edges of a path in order, each with the vertex that it leaves; none if there is no path, or none was found
/// before the search was truncated.
struct temporal_path {
  std::vector<neighbour> edges;
  bool truncated = false;

  explicit operator bool() const { return !edges.empty(); }
};

namespace detail {

/// The search behind find_path: back from each edge into the target, layer by layer. Of a vertex that is reached twice
/// in one layer only the later edge is followed, and in a farther one only an edge that is later still: whatever leads
/// to another leads to it too. (So no vertex is met twice either.)
template <class G>
class path_walk {
 public:
  path_walk(const G& g, vertex_id target, const path_options& options) : g_(g), target_(target), options_(options) {}

  temporal_path run(vertex_id source) {
    const auto leaving = g_.out_edges(source);
    if (source == target_ || std::ranges::empty(leaving) || options_.length_max == 0) return {};
    source_ = source;
    first_ = (*std::ranges::begin(leaving)).edge;
    const auto coming = g_.in_edges(target_);
    for (const neighbour last : coming | std::views::reverse) {
      if (last.edge < first_ || !step()) break;
      if (last.vertex == target_) continue;
      if (const std::size_t found = back_from(last); found != none) return path_from(found);
    }
    return {{}, truncated_};
  }

 private:
  static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

  struct reached {
    vertex_id vertex;
    edge_id edge;      // that leaves it
    std::size_t next;  // what this edge leads to
  };

  // The place of the source among what was reached.
  std::size_t back_from(const neighbour& last) {
    walk_.assign(1, {last.vertex, last.edge, none});
    latest_.clear();
    latest_[last.vertex] = 0;
    if (last.vertex == source_) return 0;
    const time_us oldest{static_cast<std::int64_t>(g_.at(last.edge)) - options_.within_us};
    std::size_t layer = 0;
    for (std::size_t length = 1; length < options_.length_max && layer < walk_.size(); ++length) {
      const std::size_t end = walk_.size();
      for (; layer < end; ++layer) {
        // A later edge of a longer way leads on as far, but not as shortly.
        if (const std::size_t latest = latest_[walk_[layer].vertex]; latest != layer && latest < end) continue;
        if (const std::size_t found = extend(layer, oldest); found != none) return found;
      }
    }
    return none;
  }

  std::size_t extend(std::size_t from, time_us oldest) {
    const reached next = walk_[from];
    const time_us next_at = g_.at(next.edge);
    const auto coming = g_.in_edges(next.vertex);
    const auto begin = std::ranges::begin(coming);
    for (auto at = std::ranges::lower_bound(coming, next.edge, {}, &neighbour::edge); at != begin;) {
      const neighbour n = *--at;
      if (n.edge < first_ || !step()) return none;
      const time_us when = g_.at(n.edge);
      if (when < oldest) return none;
      if ((!options_.in_order && when >= next_at) || n.vertex == target_) continue;
      const auto [known, is_new] = latest_.try_emplace(n.vertex, walk_.size());
      if (!is_new && walk_[known->second].edge >= n.edge) continue;
      known->second = walk_.size();
      walk_.push_back({n.vertex, n.edge, from});
      if (n.vertex == source_) return walk_.size() - 1;
    }
    return none;
  }

  bool step() {
    if (steps_++ < options_.steps_max) return true;
    truncated_ = true;
    return false;
  }

  temporal_path path_from(std::size_t i) const {
    temporal_path path;
    for (; i != none; i = walk_[i].next) path.edges.push_back({walk_[i].vertex, walk_[i].edge});
    return path;
  }

  const G& g_;
  vertex_id source_{};
  vertex_id target_;
  const path_options& options_;
  edge_id first_{};  // the first edge that leaves the source: what lies before it is on no path
  std::vector<reached> walk_;
  std::unordered_map<vertex_id, std::size_t> latest_;  // where in walk_ a vertex is with its latest edge
  std::size_t steps_ = 0;
  bool truncated_ = false;
};

}  // namespace detail

/// Whether a temporal path leads from one vertex to another, along which times strictly increase and vertices are
/// distinct: so none leads from a vertex to itself. Shows the path with the latest last edge, and of these a shortest.
/// As of an event for `g.as_of(…)`.
///
/// Exact unless `truncated`. For each edge into the target that is younger than the first which leaves the source,
/// takes the edges within `within_us` before it that lead there in `length_max` steps; stops at the first path.
template <directed_graph G>
temporal_path find_path(const G& g, vertex_id source, vertex_id target, const path_options& options) {
  return detail::path_walk<G>(g, target, options).run(source);
}

}  // namespace weir::graph
