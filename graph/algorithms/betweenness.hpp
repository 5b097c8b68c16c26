#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <ranges>
#include <span>
#include <utility>
#include <vector>

#include "graph/concepts.hpp"
#include "graph/vertex_states.hpp"

namespace weir::graph {

struct betweenness_options {
  /// Shortest ways are followed from all vertices that have edges out, or from a sample of so many.
  std::size_t sources_max = 1'024;
};

/// Betweenness of every vertex in the simple directed graph: over all pairs of other vertices, the share of the
/// shortest ways from one to the other that lead over it. Parallel edges and self loops don't count.
///
/// Exact, but for the rounding of doubles, where no more than `sources_max` vertices have edges out (Brandes, *A Faster
/// Algorithm for Betweenness Centrality*, 2001). Beyond that an estimate from a sample of sources (Brandes, Pich,
/// *Centrality Estimation in Large Networks*, 2007), each of whose numbers is within `error_bound` with 99 % confidence
/// (Hoeffding); the same graph gives the same sample.
///
/// Takes the edges of the graph once for each source, whatever has changed: `apply` starts afresh.
class betweenness {
 public:
  explicit betweenness(betweenness_options options = {}) : options_(options) {}

  double operator[](vertex_id v) const { return of_[v]; }
  /// 0 where all sources were followed.
  double error_bound() const { return error_bound_; }

  template <directed_graph G, edge_delta D>
  std::vector<vertex_id> apply(const G& g, const D&) {
    const auto before = std::exchange(of_, {});
    recompute(g);
    std::vector<vertex_id> changed;
    for (std::size_t i = 0; i < std::max(of_.size(), before.size()); ++i) {
      if (of_[id(i)] != before[id(i)]) changed.push_back(id(i));
    }
    return changed;
  }

  template <directed_graph G>
  void recompute(const G& g) {
    of_ = {};
    error_bound_ = 0;
    read(g);
    const std::vector<std::uint32_t> sources = sources_of_ways();
    std::vector<double> sums(begins_.size() - 1);
    for (const std::uint32_t source : sources) follow(source, sums);
    const double scale = sources.empty() ? 1 : static_cast<double>(with_edges_) / static_cast<double>(sources.size());
    for (std::size_t i = 0; i < sums.size(); ++i) {
      if (sums[i] > 0) of_.at(id(i)) = sums[i] * scale;
    }
  }

  template <directed_graph G>
  bool verify(const G& g) const {
    betweenness afresh(options_);
    afresh.recompute(g);
    return afresh.of_ == of_;
  }

 private:
  static constexpr std::uint32_t unseen = ~std::uint32_t{0};

  struct reached {
    std::uint32_t distance = unseen;
    double ways = 0;    // shortest ones from the source
    double behind = 0;  // of the pairs from the source on, the share that leads over it
  };

  static vertex_id id(std::size_t i) { return vertex_id{static_cast<std::uint32_t>(i)}; }

  std::span<const std::uint32_t> next_of(std::size_t v) const {
    return std::span(ends_).subspan(begins_[v], begins_[v + 1] - begins_[v]);
  }

  // Whom each vertex has an edge to, each once.
  template <directed_graph G>
  void read(const G& g) {
    begins_.assign(1, 0);
    ends_.clear();
    with_edges_ = 0;
    for (std::size_t i = 0; i < g.vertex_count(); ++i) {
      const auto first = static_cast<std::ptrdiff_t>(ends_.size());
      for (const neighbour n : g.out_edges(id(i))) {
        if (n.vertex != id(i)) ends_.push_back(static_cast<std::uint32_t>(n.vertex));
      }
      const auto row = std::ranges::subrange(ends_.begin() + first, ends_.end());
      std::ranges::sort(row);
      const auto rest = std::ranges::unique(row);
      ends_.erase(rest.begin(), rest.end());
      if (ends_.size() > begins_.back()) ++with_edges_;
      begins_.push_back(ends_.size());
    }
  }

  std::vector<std::uint32_t> sources_of_ways() {
    std::vector<std::uint32_t> sources;
    for (std::uint32_t v = 0; v + 1 < begins_.size(); ++v) {
      if (!next_of(v).empty()) sources.push_back(v);
    }
    if (sources.size() <= options_.sources_max) return sources;
    const auto all = static_cast<double>(sources.size());
    const auto taken = static_cast<double>(options_.sources_max);
    error_bound_ = all * all * std::sqrt(std::log(2 / 0.01) / (2 * taken));
    std::ranges::sort(sources, {}, mixed);
    sources.resize(options_.sources_max);
    return sources;
  }

  // splitmix64: an order by chance that is always the same.
  static std::uint64_t mixed(std::uint32_t v) {
    std::uint64_t z = (v + std::uint64_t{1}) * 0x9E3779B97F4A7C15;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
    z = (z ^ z >> 27) * 0x94D049BB133111EB;
    return z ^ z >> 31;
  }

  void follow(std::uint32_t source, std::vector<double>& sums) {
    reached_.assign(begins_.size() - 1, {});
    walk_.assign(1, source);
    reached_[source] = {.distance = 0, .ways = 1, .behind = 0};
    for (std::size_t at = 0; at < walk_.size(); ++at) {
      const reached from = reached_[walk_[at]];
      for (const std::uint32_t next : next_of(walk_[at])) {
        reached& to = reached_[next];
        if (to.distance == unseen) {
          to.distance = from.distance + 1;
          walk_.push_back(next);
        }
        if (to.distance == from.distance + 1) to.ways += from.ways;
      }
    }
    for (const std::uint32_t v : walk_ | std::views::reverse) {
      reached& here = reached_[v];
      for (const std::uint32_t next : next_of(v)) {
        const reached& to = reached_[next];
        if (to.distance == here.distance + 1) here.behind += here.ways / to.ways * (1 + to.behind);
      }
      if (v != source) sums[v] += here.behind;
    }
  }

  betweenness_options options_;
  vertex_states<double> of_;
  double error_bound_ = 0;
  std::size_t with_edges_ = 0;  // vertices with edges out

  // Of one fresh start; kept for their memory.
  std::vector<std::size_t> begins_;  // by vertex: of its row in ends_
  std::vector<std::uint32_t> ends_;
  std::vector<reached> reached_;
  std::vector<std::uint32_t> walk_;
};

}  // namespace weir::graph
