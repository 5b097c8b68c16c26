#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "graph/concepts.hpp"
#include "graph/vertex_states.hpp"

namespace weir::graph {

struct label_options {
  /// Rounds in which labels go from vertex to vertex; one at least.
  std::size_t rounds = 5;
};

/// Communities by labels that spread (Raghavan, Albert, Kumara, *Near linear time algorithm to detect community
/// structures in large-scale networks*, 2007), as GraphX has it: a vertex's label is at first itself; in each round all
/// take at once the label that most of their edges lead to, in and out, parallel ones each for itself, and the least of
/// several; who has no edge keeps its own. After so many rounds that is a function of the graph: exact.
///
/// Keeps the labels of every round. `apply` asks again, round by round, those whose edges changed and those next to one
/// whose label of the round before did; it takes their edges, and starts afresh when they are more than a sixteenth
/// of what that takes: the edges of all, in each round. 4 bytes a vertex and round, and 20.
class label_propagation {
 public:
  label_propagation() : label_propagation(label_options{}) {}
  explicit label_propagation(label_options options) : options_(options), inner_(options.rounds - 1) {}

  /// The label after the last round: a vertex.
  vertex_id operator[](vertex_id v) const { return label(options_.rounds, v); }

  template <directed_graph G, edge_delta D>
  std::vector<vertex_id> apply(const G& g, const D& change) {
    steps_left_ = static_cast<std::int64_t>((2 * g.edge_count() + g.vertex_count()) * options_.rounds / 16) + few_steps;
    if (size_of_change(change) > g.edge_count() / 32 + few || !follow(g, ends_of(change))) recompute_in_place(g);
    return last_.take_changed();
  }

  template <directed_graph G>
  void recompute(const G& g) {
    recompute_in_place(g);
    last_.take_changed();
  }

  template <directed_graph G>
  bool verify(const G& g) const {
    label_propagation afresh(options_);
    afresh.recompute(g);
    return afresh.inner_ == inner_ && afresh.last_ == last_;
  }

 private:
  static constexpr std::size_t few = 16;
  static constexpr std::int64_t few_steps = 1'000;

  // Labels are kept such that 0 is the vertex itself.
  vertex_id label(std::size_t round, vertex_id v) const {
    if (round == 0) return v;
    const std::uint32_t kept = round == options_.rounds ? last_[v] : inner_[round - 1][v];
    return vertex_id{static_cast<std::uint32_t>(v) ^ kept};
  }
  bool set_label(std::size_t round, vertex_id v, vertex_id to) {
    if (label(round, v) == to) return false;
    std::uint32_t& kept = round == options_.rounds ? last_.touch(v) : inner_[round - 1].at(v);
    kept = static_cast<std::uint32_t>(v) ^ static_cast<std::uint32_t>(to);
    return true;
  }

  template <directed_graph G>
  bool follow(const G& g, const std::vector<vertex_id>& ends) {
    std::vector<vertex_id> changed;
    for (std::size_t round = 1; round <= options_.rounds; ++round) {
      const std::vector<vertex_id> asked = with_neighbours_of(g, ends, std::exchange(changed, {}));
      for (const vertex_id v : asked) {
        if (steps_left_ < 0) return false;
        if (set_label(round, v, most_frequent(g, round - 1, v))) changed.push_back(v);
      }
    }
    return true;
  }

  template <directed_graph G>
  std::vector<vertex_id> with_neighbours_of(const G& g, std::vector<vertex_id> vertices,
                                            const std::vector<vertex_id>& changed) {
    ++mark_;
    for (const vertex_id v : vertices) met_.at(v) = mark_;
    for (const vertex_id v : changed) {
      each_edge(g, v, [&](vertex_id w) {
        if (std::exchange(met_.at(w), mark_) != mark_) vertices.push_back(w);
      });
    }
    return vertices;
  }

  template <directed_graph G>
  void each_edge(const G& g, vertex_id v, auto visit) {
    const auto all = [&](const auto& edges) {
      for (const neighbour n : edges) {
        --steps_left_;
        visit(n.vertex);
      }
    };
    all(g.out_edges(v));
    all(g.in_edges(v));
  }

  template <directed_graph G>
  vertex_id most_frequent(const G& g, std::size_t round, vertex_id v) {
    met_labels_.clear();
    each_edge(g, v, [&](vertex_id w) {
      const vertex_id theirs = label(round, w);
      if (times_.at(theirs)++ == 0) met_labels_.push_back(theirs);
    });
    vertex_id most = label(round, v);
    std::uint32_t times = 0;
    for (const vertex_id l : met_labels_) {
      const std::uint32_t here = std::exchange(times_.at(l), 0);
      if (here > times || (here == times && l < most)) most = l;
      times = std::max(times, here);
    }
    return most;
  }

  template <directed_graph G>
  void recompute_in_place(const G& g) {
    inner_.assign(options_.rounds - 1, {});
    for (std::size_t round = 1; round <= options_.rounds; ++round) {
      for (std::size_t i = 0; i < std::max(g.vertex_count(), last_.size()); ++i) {
        const vertex_id v{static_cast<std::uint32_t>(i)};
        set_label(round, v, most_frequent(g, round - 1, v));
      }
    }
  }

  label_options options_;
  std::vector<vertex_states<std::uint32_t>> inner_;  // after each round but the last
  tracked_states<std::uint32_t> last_;
  vertex_states<std::uint32_t> times_;  // how often a label was met, while one vertex is asked
  std::vector<vertex_id> met_labels_;
  vertex_states<std::uint32_t> met_;  // in which round a vertex was asked last
  std::uint32_t mark_ = 0;
  std::int64_t steps_left_ = 0;
};

}  // namespace weir::graph
