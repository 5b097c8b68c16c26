#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "graph/concepts.hpp"
#include "graph/vertex_states.hpp"

namespace weir::graph {

/// Which simple cycles count: at most so many edges.
struct simple_cycle_options {
  std::size_t length_max = 6;
  /// Edges that one search looks at, at most.
  std::size_t steps_max = 1'000'000;
};

/// Counts the simple cycles of a graph through an edge, by length: ways from its target back to its source over
/// distinct vertices, whatever the times of their edges. Parallel edges make cycles of their own; a self loop is none.
///
/// First goes back from the source, level by level, half of the longest way, so that it is known how far the vertices
/// there are from it, and that others are farther; then forward from the target, only where the rest of the way may be
/// short enough. So both look at the square root of what one would. Exact unless truncated. Keeps what it writes on, 8
/// bytes a vertex, for the next search. Of one thread.
class simple_cycle_search {
 public:
  explicit simple_cycle_search(simple_cycle_options options) : options_(options) {}

  /// Adds to `counts[length]` for lengths from 2 to `length_max`; false when the search ended at `steps_max`. `last` is
  /// an edge of the graph.
  template <directed_graph G>
  bool count(const G& g, const edge& last, std::vector<std::uint64_t>& counts) {
    if (last.from == last.to || options_.length_max < 2) return true;
    ++round_;
    steps_left_ = options_.steps_max;
    truncated_ = false;
    go_back(g, last);
    const bool met = marks_[last.to].round == round_;
    if (met || distance_beyond_ < options_.length_max) go_on(g, last, last.to, 1, counts);
    return !truncated_;
  }

 private:
  struct mark {
    std::uint32_t round = 0;
    std::uint32_t distance = 0;  // edges to the source at least
  };
  static constexpr std::size_t unreachable = std::numeric_limits<std::size_t>::max() / 2;

  template <directed_graph G>
  void go_back(const G& g, const edge& last) {
    const auto depth = static_cast<std::uint32_t>(options_.length_max / 2);
    distance_beyond_ = unreachable;
    level_.assign(1, last.from);
    set(last.from, 0);
    for (std::uint32_t distance = 1; distance <= depth && !level_.empty(); ++distance) {
      next_.clear();
      for (const vertex_id v : level_) {
        if (!add_level(g, v, last.to, distance)) return;
      }
      level_.swap(next_);
    }
    if (!level_.empty()) distance_beyond_ = depth + 1;
  }

  // Those that lead to `v`. No way leads over the target.
  template <directed_graph G>
  bool add_level(const G& g, vertex_id v, vertex_id target, std::uint32_t distance) {
    for (const neighbour n : g.in_edges(v)) {
      if (!step()) return false;
      if (marks_[n.vertex].round == round_) continue;
      set(n.vertex, distance);
      if (n.vertex != target) next_.push_back(n.vertex);
    }
    return true;
  }

  // `used` edges have been taken, `last` among them.
  template <directed_graph G>
  void go_on(const G& g, const edge& last, vertex_id v, std::size_t used, std::vector<std::uint64_t>& counts) {
    path_.push_back(v);
    for (const neighbour n : g.out_edges(v)) {
      if (!step()) break;
      if (n.vertex == last.from) {
        if (used + 1 <= options_.length_max) ++counts[used + 1];
      } else if (used + 1 + distance_of(n.vertex) <= options_.length_max && !is_on_path(n.vertex)) {
        go_on(g, last, n.vertex, used + 1, counts);
      }
    }
    path_.pop_back();
  }

  std::size_t distance_of(vertex_id v) const {
    const mark& there = marks_[v];
    return there.round == round_ ? there.distance : distance_beyond_;
  }
  bool is_on_path(vertex_id v) const { return std::ranges::find(path_, v) != path_.end(); }

  void set(vertex_id v, std::uint32_t distance) { marks_.at(v) = {round_, distance}; }

  bool step() {
    if (steps_left_ == 0) {
      truncated_ = true;
      return false;
    }
    --steps_left_;
    return true;
  }

  simple_cycle_options options_;
  vertex_states<mark> marks_;
  std::uint32_t round_ = 0;
  std::size_t distance_beyond_ = 0;  // of vertices that were not met on the way back
  std::vector<vertex_id> path_;
  std::vector<vertex_id> level_;
  std::vector<vertex_id> next_;
  std::size_t steps_left_ = 0;
  bool truncated_ = false;
};

}  // namespace weir::graph
