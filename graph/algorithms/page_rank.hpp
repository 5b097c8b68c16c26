#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <ranges>
#include <utility>
#include <vector>

#include "graph/concepts.hpp"
#include "graph/fetch_ahead.hpp"
#include "graph/memory/large_pages.hpp"
#include "graph/vertex_states.hpp"
#include "graph/waiting_numbers.hpp"

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
/// Where most of the edges would be pushed along, there is a pass over all of them instead. Before it all ranks are
/// made greater or less by one factor so that residuals are nothing on balance: what they are on balance hardly gets
/// less from pass to pass, while the rest cancels out where edges meet. So a fresh start takes some seven passes and
/// not thirty.
///
/// Which of the numbers within the bound it is depends on how the stream was cut. `apply` takes constant time for each
/// edge, and the edges of the vertices that are pushed; it starts afresh where the change has left as large residuals
/// as a fresh start begins with.
class page_rank {
 public:
  page_rank() = default;
  explicit page_rank(page_rank_options options) : options_(std::move(options)) {}

  double operator[](vertex_id v) const {
    const auto i = static_cast<std::size_t>(v);
    return i < ranks_.size() ? ranks_[i].rank : 0;
  }
  /// What all errors together are at most, as a share of what ranks start with together; `error_max` or less.
  double error_bound() const { return (left_.sum_of_sizes() + lost()) / (1 - options_.damping) / mass(); }

  template <directed_graph G, edge_delta D>
  std::vector<vertex_id> apply(const G& g, const D& change) {
    meet_vertices(g.vertex_count());
    if (size_of_change(change) > g.edge_count() / 4 + few || !follow(change)) {
      recompute_in_place(g);
    } else {
      push_all(g);
    }
    return take_changed();
  }

  template <directed_graph G>
  void recompute(const G& g) {
    recompute_in_place(g);
    take_changed();
  }

  /// Whether the ranks are within the bound, by residuals that are computed afresh.
  template <directed_graph G>
  bool verify(const G& g) const {
    std::vector<double> afresh = all_starts();
    for (std::size_t i = 0; i < afresh.size(); ++i) afresh[i] -= (*this)[id(i)];
    for (const edge& e : g.edges()) afresh[static_cast<std::size_t>(e.to)] += passed_on(e.from, g);
    double sum = 0;
    double off = 0;
    for (std::size_t i = 0; i < afresh.size(); ++i) {
      sum += std::abs(afresh[i]);
      off += std::abs(afresh[i] - left_[id(i)]);
    }
    return off <= lost() + 1e-9 && sum <= sum_max() * (1 + 1e-6) + 1e-12;
  }

 private:
  static constexpr std::size_t few = 16;
  static constexpr int fetched = 24;        // edges of which memory is asked for ahead
  static constexpr std::size_t ahead = 12;  // vertices, where one comes after the other
  // What coming to a vertex takes, in edges.
  static constexpr double visit_cost = 8;

  struct state {
    double rank = 0;
    std::uint32_t degree = 0;  // edges out, as far as the change has been taken
    std::uint32_t round = 0;   // in which the rank was written last
  };
  struct earlier {
    vertex_id vertex;
    double rank;
  };

  static vertex_id id(std::size_t i) { return vertex_id{static_cast<std::uint32_t>(i)}; }
  static std::size_t place(vertex_id v) { return static_cast<std::size_t>(v); }

  double mass() const { return options_.seeds.empty() ? static_cast<double>(std::max<std::size_t>(known_, 1)) : 1.0; }
  // How far residuals may be from what is kept of them, all together.
  double lost() const { return written_ * waiting_numbers::rounding; }
  double sum_max() const { return options_.error_max * (1 - options_.damping) * mass(); }
  template <directed_graph G>
  double passed_on(vertex_id from, const G& g) const {
    return options_.damping * (*this)[from] / static_cast<double>(std::ranges::size(g.out_edges(from)));
  }

  void meet_vertices(std::size_t count) {
    const std::size_t before = std::exchange(known_, std::max(known_, count));
    left_.resize(known_);
    ranks_.resize(known_);
    for (std::size_t i = before; i < known_; ++i) left_.set(id(i), 0, visit_cost);
    if (options_.seeds.empty()) {
      for (std::size_t i = before; i < known_; ++i) gain(id(i), 1 - options_.damping);
      return;
    }
    for (const vertex_id seed : options_.seeds) {
      const auto i = place(seed);
      if (i >= before && i < known_) gain(seed, (1 - options_.damping) / static_cast<double>(options_.seeds.size()));
    }
  }

  double& touch(vertex_id v) {
    state& s = ranks_[place(v)];
    if (s.round != round_) {
      s.round = round_;
      before_.push_back({v, s.rank});
    }
    return s.rank;
  }
  std::vector<vertex_id> take_changed() {
    std::vector<vertex_id> changed;
    for (const earlier& e : before_) {
      if (ranks_[place(e.vertex)].rank != e.rank) changed.push_back(e.vertex);
    }
    sort_once(changed);
    before_.clear();
    ++round_;
    return changed;
  }

  double cost(vertex_id v) const { return ranks_[place(v)].degree + visit_cost; }
  void gain(vertex_id v, double by) {
    const auto size = left_.add(v, by);
    sum_ += size.now - size.before;
    written_ += size.now;
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
    state& s = ranks_[place(from)];
    const std::uint32_t degree = s.degree++;
    const double share = degree == 0 ? s.rank : s.rank / degree;
    if (degree > 0) scale(from, share);
    left_.set_cost(from, cost(from));
    gain(to, options_.damping * share);
  }
  void take(vertex_id from, vertex_id to) {
    state& s = ranks_[place(from)];
    const std::uint32_t degree = s.degree--;
    const double share = s.rank / degree;
    if (degree > 1) scale(from, -share);
    left_.set_cost(from, cost(from));
    gain(to, -options_.damping * share);
  }
  void scale(vertex_id v, double by) {
    touch(v) += by;
    gain(v, -by);
  }

  template <directed_graph G>
  void recompute_in_place(const G& g) {
    known_ = std::max(known_, g.vertex_count());
    left_.resize(known_);
    ranks_.resize(known_);
    const std::vector<double> starts = all_starts();
    for (std::size_t i = 0; i < known_; ++i) touch(id(i)) = starts[i];
    for (state& s : ranks_) s.degree = 0;
    for (const edge& e : g.edges()) ++ranks_[place(e.from)].degree;
    reach_all(g, starts);
    pass_until(g, sum_max(), starts);
    wait_all(enough(g));
  }
  std::vector<double> all_starts() const {
    std::vector<double> starts(known_, options_.seeds.empty() ? 1 - options_.damping : 0);
    for (const vertex_id seed : options_.seeds) {
      if (place(seed) < known_)
        starts[place(seed)] += (1 - options_.damping) / static_cast<double>(options_.seeds.size());
    }
    return starts;
  }

  // Each pass pushes all residuals over all edges, and so makes them less by the damping at least, unless it balances
  // them before: where that has not helped twice, it is not done any more.
  template <directed_graph G>
  void pass_until(const G& g, double most, const std::vector<double>& starts) {
    int trials = 2;
    while (sum_ + lost() > most) {
      const double before = sum_;
      take_all(trials > 0 ? balance(starts) : 0, starts);
      reach_all(g, starts);
      if (sum_ > options_.damping * before) --trials;
    }
  }
  // By which share ranks are to grow for residuals to be nothing on balance: beside those that start everywhere.
  double balance(const std::vector<double>& starts) const {
    if (!options_.seeds.empty()) return 0;
    double net = 0;
    double from = 0;
    for (std::size_t i = 0; i < known_; ++i) {
      if (ranks_[i].degree == 0) continue;
      net += left_[id(i)];
      from += starts[i];
    }
    return from > net ? net / (from - net) : 0;
  }
  void take_all(double more, const std::vector<double>& starts) {
    for (std::size_t i = 0; i < known_; ++i) {
      const double reached = ranks_[i].rank + left_[id(i)];
      touch(id(i)) = reached + more * (reached - starts[i]);
    }
  }
  // Residuals from ranks. What reaches a vertex without edges out ends there.
  template <directed_graph G>
  void reach_all(const G& g, const std::vector<double>& starts) {
    const auto shares = all_shares();
    sum_ = 0;
    for (std::size_t i = 0; i < known_; ++i) {
      fetch_edges(g.in_edges(id(std::min(i + ahead, known_ - 1))));
      double reached = starts[i];
      for (const neighbour n : g.in_edges(id(i))) reached += shares[place(n.vertex)];
      if (ranks_[i].degree == 0) touch(id(i)) = reached;
      left_.set(id(i), reached - ranks_[i].rank, cost(id(i)));
      sum_ += std::abs(reached - ranks_[i].rank);
    }
    written_ = sum_;
  }
  paged_vector<double> all_shares() const {
    paged_vector<double> shares(known_);
    for (std::size_t i = 0; i < known_; ++i) {
      if (ranks_[i].degree > 0) shares[i] = options_.damping * ranks_[i].rank / ranks_[i].degree;
    }
    return shares;
  }

  // If no vertex is more urgent, all residuals together are about within the bound.
  template <directed_graph G>
  double enough(const G& g) const {
    return 3 * sum_max() / (static_cast<double>(g.edge_count()) + visit_cost * static_cast<double>(known_ + 1));
  }

  template <directed_graph G>
  void push_all(const G& g) {
    const double most = sum_max();
    if (least_ == 0) wait_all(enough(g));
    left_.restart();
    while (sum_ + lost() > most) {
      if (would_visit() > pass_cost(g) || lost() > most / 4) {
        pass(g);
      } else if (const auto v = left_.next()) {
        fetch_coming(g);
        push(g, *v);
      } else {
        wait_all(least_ / 2);
      }
    }
    if (left_.waiting() > 4 * known_ + few) wait_all(std::max(least_, left_.lowest_read() / 2));
  }
  // How many edges must be visited until enough is pushed, if it is as urgent as what is pushed now: it is less so.
  double would_visit() const { return (sum_ - sum_max()) / left_.urgency_in_turn(); }
  template <directed_graph G>
  double pass_cost(const G& g) const {
    return 0.25 * (static_cast<double>(g.edge_count()) + visit_cost * static_cast<double>(known_));
  }
  template <directed_graph G>
  void pass(const G& g) {
    const auto starts = all_starts();
    take_all(balance(starts), starts);
    reach_all(g, starts);
    wait_all(least_);
  }

  template <directed_graph G>
  void fetch_coming(const G& g) {
    if (const auto later = left_.coming(16)) {
      if constexpr (requires { g.fetch(*later); }) g.fetch(*later);
      fetch_ahead(&ranks_[place(*later)]);
      left_.fetch(*later);
    }
    if (const auto soon = left_.coming(6)) fetch_edges(g.out_edges(*soon));
  }
  static void fetch_edges(const auto& edges) {
    if constexpr (requires { edges.fetch(); }) edges.fetch();
  }

  template <directed_graph G>
  void push(const G& g, vertex_id v) {
    const double pushed = left_.take(v);
    touch(v) += pushed;
    sum_ -= std::abs(pushed);
    const std::uint32_t degree = ranks_[place(v)].degree;
    if (degree == 0) return;
    const double share = options_.damping * pushed / degree;
    double written = 0;
    double grown = 0;
    const auto edges = g.out_edges(v);
    auto later = std::ranges::begin(edges);
    const auto last = std::ranges::end(edges);
    for (int i = 0; i < fetched && later != last; ++i) left_.fetch((*later++).vertex);
    for (const neighbour n : edges) {
      if (later != last) left_.fetch((*later++).vertex);
      const auto size = left_.add(n.vertex, share);
      grown += size.now - size.before;
      written += size.now;
    }
    sum_ += grown;
    written_ += written;
  }

  // Reads all residuals: those that are large enough wait, and their sum is what it is but for one rounding.
  void wait_all(double least) {
    least_ = least;
    left_.file_all(least);
    sum_ = left_.sum_of_sizes();
  }

  page_rank_options options_;
  paged_vector<state> ranks_;
  std::vector<earlier> before_;
  std::uint32_t round_ = 1;
  waiting_numbers left_;   // residuals
  double sum_ = 0;         // of |residuals|
  double written_ = 0;     // the same, of all that were written since they were computed from ranks
  double least_ = 0;       // urgency from which on a vertex waits; 0 at first
  std::size_t known_ = 0;  // vertices that have their start
};

}  // namespace weir::graph
