#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "graph/concepts.hpp"

namespace weir::graph {

struct anomaly_options {
  /// Edges of one tick, so many microseconds, are looked at together.
  std::int64_t tick_us = 1'000'000;
  /// The counts are estimated by the least of `rows` counters, each of `columns` shared by chance.
  std::size_t rows = 2;
  std::size_t columns = 1 << 14;
  /// What is less is normal (ε of the paper).
  double threshold = 1'000;
  /// What is left of a tick's counts in the next (α of the paper).
  double decay = 0.5;
};

namespace detail {

/// Of one kind of thing, edges or their sources or targets: how many came in this tick, how many before, and how
/// unusual that was. The three are count-min sketches (Cormode and Muthukrishnan, 2005), row by row.
class anomaly_sketch {
 public:
  explicit anomaly_sketch(const anomaly_options& options)
      : options_(options), cells_(options.rows * options.columns), places_(options.rows) {}

  /// One more of `key` in a tick, the `tick`th from 1 on: its score.
  double add(std::uint64_t key, std::int64_t tick) {
    for (std::size_t r = 0; r < places_.size(); ++r) places_[r] = r * options_.columns + mix(key, r) % options_.columns;
    double current = INFINITY;
    double total = INFINITY;
    for (const std::size_t at : places_) {
      current = std::min(current, ++cells_[at].current);
      total = std::min(total, cells_[at].total);
    }
    const double score = score_of(current, total, static_cast<double>(tick));
    for (const std::size_t at : places_) cells_[at].score = score;
    return score;
  }

  /// A tick is over, the `tick`th. What was normal joins the total; otherwise what would have been.
  void merge(std::int64_t tick) {
    const double before = tick == 1 ? INFINITY : static_cast<double>(tick - 1);
    for (cell& c : cells_) {
      c.total += c.score < options_.threshold ? c.current : c.total / before;
      c.current *= options_.decay;
    }
  }

 private:
  struct cell {
    double current = 0;  // a of the paper
    double total = 0;    // s
    double score = 0;
  };

  static double score_of(double current, double total, double tick) {
    if (total == 0) return 0;
    const double beyond = current + total - current * tick;
    return beyond * beyond / (total * (tick - 1));
  }
  // Steele's splitmix64, from another beginning for each row.
  static std::uint64_t mix(std::uint64_t key, std::size_t row) {
    std::uint64_t x = key + (row + 1) * 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
  }

  anomaly_options options_;
  std::vector<cell> cells_;
  std::vector<std::size_t> places_;
};

}  // namespace detail

/// How unusual each edge was when it came: MIDAS-F (Bhatia, Liu, Hooi, Yoon, Shin, Faloutsos, *Real-Time Anomaly
/// Detection in Edge Streams*, TKDD 2022). A heuristic: a sudden burst of edges between two vertices, from one or to
/// one, has a high score; so may others that share counters with them, and what stays below the usual.
///
/// The score is the greatest of those of the edge, its source and its target, each the chi-squared statistic of how
/// many came in this tick against the mean of those before: (a + s - a t)² / (s (t - 1)). Counts of a tick whose score
/// is `threshold` or more are not taken for usual. It depends on all of the stream so far, not on the window, and not
/// on how the stream was cut as long as no edge comes and leaves with one batch; edges that are retracted were counted.
/// Takes constant time for each edge, and the size of the sketches at the first edge of a tick; 24 bytes for each
/// counter, and 16 for each edge of the window.
class edge_anomalies {
 public:
  edge_anomalies() : edge_anomalies(anomaly_options{}) {}
  explicit edge_anomalies(anomaly_options options)
      : options_(options), edges_(options), sources_(options), targets_(options) {}

  /// The score of an edge of the window; 0 of another.
  double operator[](edge_id e) const {
    const auto at = std::ranges::lower_bound(scores_, e, {}, &scored::edge);
    return at == scores_.end() || at->edge != e ? 0 : at->score;
  }

  /// Those that came with a score of `threshold` or more, in order.
  template <class G, edge_delta D>
  std::vector<edge_id> apply(const G&, const D& change) {
    for (const edge& e : change.expired()) forget_up_to(e.id);
    std::vector<edge_id> unusual;
    for (const edge& e : change.inserted()) {
      if (look_at(e) >= options_.threshold) unusual.push_back(e.id);
    }
    return unusual;
  }

  /// As if the stream had begun with the window.
  template <directed_graph G>
  void recompute(const G& g) {
    *this = edge_anomalies(options_);
    for (const edge& e : g.edges()) look_at(e);
  }

  /// Whether each edge of the window has a score. What it is can't be told from the window.
  template <directed_graph G>
  bool verify(const G& g) const {
    for (const edge& e : g.edges()) {
      if (!std::ranges::binary_search(scores_, e.id, {}, &scored::edge)) return false;
    }
    return true;
  }

 private:
  struct scored {
    edge_id edge{};
    double score = 0;
  };

  double look_at(const edge& e) {
    const std::int64_t tick = begin_tick(e.at);
    const auto from = static_cast<std::uint64_t>(e.from);
    const auto to = static_cast<std::uint64_t>(e.to);
    const double score =
        std::max({edges_.add(from << 32 | to, tick), sources_.add(from, tick), targets_.add(to, tick)});
    scores_.push_back({e.id, score});
    return score;
  }

  // Ticks count from the first edge's on, empty ones too; but only at the first edge of one is the last one closed.
  std::int64_t begin_tick(time_us at) {
    if (!first_) first_ = at;
    const std::int64_t tick =
        (static_cast<std::int64_t>(at) - static_cast<std::int64_t>(*first_)) / options_.tick_us + 1;
    if (tick > tick_) {
      for (detail::anomaly_sketch* sketch : {&edges_, &sources_, &targets_}) sketch->merge(tick_);
      tick_ = tick;
    }
    return tick;
  }

  void forget_up_to(edge_id e) {
    while (!scores_.empty() && scores_.front().edge <= e) scores_.pop_front();
  }

  anomaly_options options_;
  detail::anomaly_sketch edges_;
  detail::anomaly_sketch sources_;
  detail::anomaly_sketch targets_;
  std::optional<time_us> first_;
  std::int64_t tick_ = 1;
  std::deque<scored> scores_;  // of the window's edges, and of retracted ones until what came with them leaves
};

}  // namespace weir::graph
