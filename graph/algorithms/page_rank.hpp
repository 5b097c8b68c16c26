#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "graph/concepts.hpp"
#include "graph/vertex_states.hpp"

namespace weir::graph {

struct page_rank_options {
  /// The share of a rank that goes on along edges.
  double damping = 0.85;
  /// Where ranks start: all vertices, or only these (personalised, as risk from known bad accounts).
  std::vector<vertex_id> seeds = {};
  /// The error that is allowed: of all ranks together, as a share of what they start with together.
  double error_max = 5e-5;
};

/// PageRank and personalised PageRank of every vertex, within a published bound.
///
/// The rank is x = (1 - d) s + d Pᵀ x, where P spreads a vertex's rank evenly over its edges, each parallel edge for
/// itself, and s is 1 for each vertex, or a share of 1 for each seed. So ranks are 1 on average, as in GraphX; what
/// reaches a vertex without edges out ends there. Beside x the residual r = (1 - d) s + d Pᵀ x - x is kept: the sum of
/// |x - true x| is at most Σ|r| / (1 - d). An edge that comes or goes changes r at its two ends only, when the rank of
/// its source is scaled with its degree (Zhang, Lofgren, Goel, *Approximate Personalized PageRank on Dynamic Graphs*,
/// 2016); then residuals that are too large are pushed along edges, until all are within the bound.
///
/// Which of the numbers within the bound it is depends on how the stream was cut. `apply` takes constant time for each
/// edge, and the edges of the vertices that are pushed.
class page_rank {
 public:
  page_rank() = default;
  explicit page_rank(page_rank_options options) : options_(std::move(options)) {}

  double operator[](vertex_id v) const { return ranks_[v]; }
  /// What all errors together are at most, as a share of what ranks start with together; `error_max` or less.
  double error_bound() const {
    double sum = 0;
    for (std::size_t i = 0; i < residuals_.size(); ++i) sum += std::abs(residuals_[id(i)].left);
    return sum / (1 - options_.damping) / mass();
  }

  template <directed_graph G, edge_delta D>
  std::vector<vertex_id> apply(const G& g, const D& change) {
    meet_vertices(g.vertex_count());
    for (const edge& e : change.inserted()) add(e.from, e.to);
    for (const edge& e : change.expired()) take(e.from, e.to);
    for (const edge& e : change.retracted()) take(e.from, e.to);
    push_all(g);
    return ranks_.take_changed();
  }

  template <directed_graph G>
  void recompute(const G& g) {
    *this = page_rank(std::move(options_));
    meet_vertices(g.vertex_count());
    for (const edge& e : g.edges()) ++residuals_.at(e.from).degree;
    push_all(g);
    ranks_.take_changed();
  }

  /// Whether the ranks are within the bound, by residuals that are computed afresh.
  template <directed_graph G>
  bool verify(const G& g) const {
    std::vector<double> afresh(g.vertex_count());
    for (std::size_t i = 0; i < afresh.size(); ++i) afresh[i] = (1 - options_.damping) * start(id(i)) - ranks_[id(i)];
    for (const edge& e : g.edges()) afresh[static_cast<std::size_t>(e.to)] += passed_on(e.from, g);
    double sum = 0;
    for (std::size_t i = 0; i < afresh.size(); ++i) {
      if (std::abs(afresh[i] - residuals_[id(i)].left) > 1e-9) return false;
      sum += std::abs(afresh[i]);
    }
    return sum <= options_.error_max * (1 - options_.damping) * mass() * (1 + 1e-6) + 1e-12;
  }

 private:
  struct residual {
    double left = 0;
    std::uint32_t degree = 0;  // edges out, as far as the change has been taken
    bool waits = false;        // to be pushed
  };

  static vertex_id id(std::size_t i) { return vertex_id{static_cast<std::uint32_t>(i)}; }

  double mass() const { return options_.seeds.empty() ? static_cast<double>(std::max<std::size_t>(known_, 1)) : 1.0; }
  double start(vertex_id v) const {
    if (options_.seeds.empty()) return 1;
    const auto times = std::ranges::count(options_.seeds, v);
    return static_cast<double>(times) / static_cast<double>(options_.seeds.size());
  }
  template <directed_graph G>
  double passed_on(vertex_id from, const G& g) const {
    return options_.damping * ranks_[from] / static_cast<double>(std::ranges::size(g.out_edges(from)));
  }

  void meet_vertices(std::size_t count) {
    const std::size_t before = std::exchange(known_, std::max(known_, count));
    if (options_.seeds.empty()) {
      for (std::size_t i = before; i < known_; ++i) gain(id(i), 1 - options_.damping);
      return;
    }
    for (const vertex_id seed : options_.seeds) {
      const auto i = static_cast<std::size_t>(seed);
      if (i >= before && i < known_) gain(seed, (1 - options_.damping) / static_cast<double>(options_.seeds.size()));
    }
    if (std::bit_ceil(before) == std::bit_ceil(known_)) return;
    for (std::size_t i = 0; i < residuals_.size(); ++i) gain(id(i), 0);  // what was little enough may not be any more
  }

  // Of one residual, such that all of them are within the bound. For seeds it is less the more vertices there are, and
  // changes where these have doubled.
  double residual_max() const {
    const double all = options_.error_max * (1 - options_.damping);
    return options_.seeds.empty() ? all : all / static_cast<double>(std::bit_ceil(known_));
  }

  void gain(vertex_id v, double by) {
    residual& r = residuals_.at(v);
    r.left += by;
    if (std::exchange(r.waits, true)) return;
    waiting_.push_back(v);
  }

  // What each edge passes on stays as it was: the source's rank grows or shrinks with its degree.
  void add(vertex_id from, vertex_id to) {
    const std::uint32_t degree = residuals_.at(from).degree++;
    const double share = degree == 0 ? ranks_[from] : ranks_[from] / degree;
    if (degree > 0) scale(from, share);
    gain(to, options_.damping * share);
  }
  void take(vertex_id from, vertex_id to) {
    const std::uint32_t degree = residuals_.at(from).degree--;
    const double share = ranks_[from] / degree;
    if (degree > 1) scale(from, -share);
    gain(to, -options_.damping * share);
  }
  void scale(vertex_id v, double by) {
    ranks_.touch(v) += by;
    gain(v, -by);
  }

  template <directed_graph G>
  void push_all(const G& g) {
    const double most = residual_max();
    while (!waiting_.empty()) {
      const vertex_id v = waiting_.front();
      waiting_.pop_front();
      residual& r = residuals_.at(v);
      r.waits = false;
      if (std::abs(r.left) <= most) continue;
      const double pushed = std::exchange(r.left, 0);
      ranks_.touch(v) += pushed;
      const double share = r.degree == 0 ? 0 : options_.damping * pushed / r.degree;
      for (const neighbour n : g.out_edges(v)) gain(n.vertex, share);
    }
  }

  page_rank_options options_;
  tracked_states<double> ranks_;
  vertex_states<residual> residuals_;
  std::deque<vertex_id> waiting_;
  std::size_t known_ = 0;  // vertices that have their start
};

}  // namespace weir::graph
