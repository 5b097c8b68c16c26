#pragma once

#include <cstddef>
#include <cstdint>
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
/// First goes back from the source, level by level, so that it is known how far each vertex is from it; then forward
/// from the target, only where the rest of the way is short enough. Exact unless truncated. Keeps what it writes on, 12
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
    if (go_back(g, last)) go_on(g, last, last.to, 1, counts);
    return !truncated_;
  }

 private:
  struct mark {
    std::uint32_t round = 0;
    std::uint32_t distance = 0;  // edges to the source at least
    bool on_path = false;
  };

  // Whether the target is near enough.
  template <directed_graph G>
  bool go_back(const G& g, const edge& last) {
    level_.assign(1, last.from);
    set(last.from, 0);
    bool met = false;
    for (std::uint32_t distance = 1; distance < options_.length_max && !level_.empty(); ++distance) {
      next_.clear();
      for (const vertex_id v : level_) {
        for (const neighbour n : g.in_edges(v)) {
          if (!step()) return met;
          if (marks_[n.vertex].round == round_) continue;
          set(n.vertex, distance);
          if (n.vertex == last.to) {
            met = true;
          } else {
            next_.push_back(n.vertex);
          }
        }
      }
      level_.swap(next_);
    }
    return met;
  }

  // `used` edges have been taken, `last` among them.
  template <directed_graph G>
  void go_on(const G& g, const edge& last, vertex_id v, std::size_t used, std::vector<std::uint64_t>& counts) {
    marks_.at(v).on_path = true;
    for (const neighbour n : g.out_edges(v)) {
      if (!step()) break;
      const mark& there = marks_[n.vertex];
      if (there.round != round_ || there.on_path || used + 1 + there.distance > options_.length_max) continue;
      if (n.vertex == last.from) {
        ++counts[used + 1];
      } else {
        go_on(g, last, n.vertex, used + 1, counts);
      }
    }
    marks_.at(v).on_path = false;
  }

  void set(vertex_id v, std::uint32_t distance) { marks_.at(v) = {round_, distance, false}; }

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
  std::vector<vertex_id> level_;
  std::vector<vertex_id> next_;
  std::size_t steps_left_ = 0;
  bool truncated_ = false;
};

}  // namespace weir::graph
