#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "graph/concepts.hpp"
#include "graph/fetch_ahead.hpp"
#include "graph/urgency_classes.hpp"
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
/// 2016). Then, until Σ|r| is within the bound and no further, residuals are pushed along edges: those first that are
/// large for what pushing them takes, the edges of their vertex (as Andersen, Chung, Lang, *Local Graph Partitioning
/// using PageRank Vectors*, 2006, choose by r / degree). So a hub's residual waits, and what comes and goes there
/// cancels out.
///
/// Which of the numbers within the bound it is depends on how the stream was cut. `apply` takes constant time for each
/// edge, and the edges of the vertices that are pushed; it starts afresh where the change has left as large residuals
/// as a fresh start begins with.
class page_rank {
 public:
  page_rank() = default;
  explicit page_rank(page_rank_options options) : options_(std::move(options)) {}

  double operator[](vertex_id v) const { return ranks_[v]; }
  /// What all errors together are at most, as a share of what ranks start with together; `error_max` or less.
  double error_bound() const { return sum_of_residuals() / (1 - options_.damping) / mass(); }

  template <directed_graph G, edge_delta D>
  std::vector<vertex_id> apply(const G& g, const D& change) {
    meet_vertices(g.vertex_count());
    if (size_of_change(change) > g.edge_count() / 4 + few || !follow(change)) {
      recompute_in_place(g);
    } else {
      push_all(g);
    }
    return ranks_.take_changed();
  }

  template <directed_graph G>
  void recompute(const G& g) {
    recompute_in_place(g);
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
      if (std::abs(afresh[i] - residuals_[i].left) > 1e-9) return false;
      sum += std::abs(afresh[i]);
    }
    return sum <= sum_max() * (1 + 1e-6) + 1e-12;
  }

 private:
  static constexpr std::size_t few = 16;
  static constexpr int fetched = 12;  // edges of which memory is asked for ahead
  // What coming to a vertex takes, in edges.
  static constexpr double visit_cost = 16;

  struct residual {
    double left = 0;
    float files_at = 0;        // what is to be left for it to be filed anew
    std::uint32_t degree = 0;  // edges out, as far as the change has been taken
  };

  static vertex_id id(std::size_t i) { return vertex_id{static_cast<std::uint32_t>(i)}; }

  double mass() const { return options_.seeds.empty() ? static_cast<double>(std::max<std::size_t>(known_, 1)) : 1.0; }
  double sum_max() const { return options_.error_max * (1 - options_.damping) * mass(); }
  double sum_of_residuals() const {
    double sum = 0;
    for (const residual& r : residuals_) sum += std::abs(r.left);
    return sum;
  }
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
    residuals_.resize(known_);
    if (options_.seeds.empty()) {
      for (std::size_t i = before; i < known_; ++i) gain(id(i), 1 - options_.damping);
      return;
    }
    for (const vertex_id seed : options_.seeds) {
      const auto i = static_cast<std::size_t>(seed);
      if (i >= before && i < known_) gain(seed, (1 - options_.damping) / static_cast<double>(options_.seeds.size()));
    }
  }

  residual& at(vertex_id v) { return residuals_[static_cast<std::size_t>(v)]; }

  static double cost(const residual& r) { return r.degree + visit_cost; }
  static double urgency(const residual& r) { return std::abs(r.left) / cost(r); }
  void file(vertex_id v, residual& r) {
    waiting_.file(v, urgency(r));
    r.files_at = static_cast<float>(waiting_.rises_at(v) * cost(r));
  }
  void gain(vertex_id v, double by) { sum_ += gain(v, at(v), by); }
  // By how much that makes the sum greater.
  double gain(vertex_id v, residual& r, double by) {
    const double before = std::abs(r.left);
    r.left += by;
    const double now = std::abs(r.left);
    if (now >= r.files_at) file(v, r);
    return now - before;
  }

  // Whether that left less than a fresh start has to push.
  template <edge_delta D>
  bool follow(const D& change) {
    for (const edge& e : change.inserted()) add(e.from, e.to);
    for (const edge& e : change.expired()) take(e.from, e.to);
    for (const edge& e : change.retracted()) take(e.from, e.to);
    return sum_ <= (1 - options_.damping) * mass();
  }
  // What each edge passes on stays as it was: the source's rank grows or shrinks with its degree.
  void add(vertex_id from, vertex_id to) {
    const std::uint32_t degree = at(from).degree++;
    const double share = degree == 0 ? ranks_[from] : ranks_[from] / degree;
    if (degree > 0) scale(from, share);
    gain(to, options_.damping * share);
  }
  void take(vertex_id from, vertex_id to) {
    const std::uint32_t degree = at(from).degree--;
    const double share = ranks_[from] / degree;
    if (degree > 1) scale(from, -share);
    gain(to, -options_.damping * share);
  }
  void scale(vertex_id v, double by) {
    ranks_.touch(v) += by;
    gain(v, -by);
  }

  template <directed_graph G>
  void recompute_in_place(const G& g) {
    for (std::size_t i = 0; i < ranks_.size(); ++i) {
      if (ranks_[id(i)] != 0) ranks_.touch(id(i)) = 0;
    }
    residuals_.clear();
    waiting_ = {};
    known_ = 0;
    sum_ = 0;
    least_ = 0;
    meet_vertices(g.vertex_count());
    for (const edge& e : g.edges()) ++at(e.from).degree;
    sweep_all(g);
  }

  // If no vertex is more urgent, all residuals together are within the bound.
  template <directed_graph G>
  double enough(const G& g) const {
    return sum_max() / (static_cast<double>(g.edge_count()) + visit_cost * static_cast<double>(known_ + 1));
  }

  // From the first vertex to the last, again and again: where most are to be pushed, their order is best that of
  // memory.
  template <directed_graph G>
  void sweep_all(const G& g) {
    const double least = enough(g);
    for (residual& r : residuals_) r.files_at = std::numeric_limits<float>::infinity();
    for (; sum_ > sum_max(); sum_ = sum_of_residuals()) {
      for (std::size_t i = 0; i < residuals_.size(); ++i) {
        if (i + 3 < residuals_.size()) fetch_edges(g, id(i + 3));
        if (urgency(residuals_[i]) >= least) push(g, id(i), residuals_[i]);
      }
    }
    file_all(least);
  }

  template <directed_graph G>
  void push_all(const G& g) {
    const double most = sum_max();
    if (least_ == 0) file_all(enough(g));
    waiting_.restart();
    while (sum_ > most) {
      const auto v = waiting_.next();
      fetch_coming(g);
      if (!v) {
        file_all(least_ / 2);
      } else if (residual& r = at(*v); waiting_.is_in_turn(urgency(r))) {
        push(g, *v, r);
        file(*v, r);
      } else {
        file(*v, r);
      }
    }
    if (waiting_.waiting() > 4 * known_ + few) file_all(std::max(least_, waiting_.lowest_read() / 2));
  }

  template <directed_graph G>
  void fetch_coming(const G& g) {
    if (const auto later = waiting_.coming(5)) fetch_ahead(&at(*later));
    if (const auto soon = waiting_.coming(2)) fetch_edges(g, *soon);
  }
  template <directed_graph G>
  static void fetch_edges(const G& g, vertex_id v) {
    if constexpr (requires { g.out_edges(v).fetch(); }) g.out_edges(v).fetch();
  }

  template <directed_graph G>
  void push(const G& g, vertex_id v, residual& r) {
    const double pushed = std::exchange(r.left, 0);
    ranks_.touch(v) += pushed;
    const double share = r.degree == 0 ? 0 : options_.damping * pushed / r.degree;
    const auto edges = g.out_edges(v);
    auto ahead = std::ranges::begin(edges);
    const auto fetch_next = [&] {
      if (ahead != std::ranges::end(edges)) fetch_ahead(&at((*ahead++).vertex));
    };
    for (int i = 0; i < fetched; ++i) fetch_next();
    double sum = sum_ - std::abs(pushed);
    for (const neighbour n : edges) {
      fetch_next();
      sum += gain(n.vertex, at(n.vertex), share);
    }
    sum_ = sum;
  }

  // Reads all residuals: those that are large enough wait, and their sum is what it is but for one rounding.
  void file_all(double least) {
    least_ = least;
    waiting_.reset(least);
    sum_ = sum_of_residuals();
    for (std::size_t i = 0; i < residuals_.size(); ++i) file(id(i), residuals_[i]);
  }

  page_rank_options options_;
  tracked_states<double> ranks_;
  std::vector<residual> residuals_;
  double sum_ = 0;  // of |residuals|
  urgency_classes waiting_;
  double least_ = 0;       // urgency from which on a vertex waits; 0 at first
  std::size_t known_ = 0;  // vertices that have their start
};

}  // namespace weir::graph
