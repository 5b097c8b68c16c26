#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <ranges>
#include <vector>

#include "graph/concepts.hpp"

namespace weir::graph {

/// How wide a pattern is at least, and within which time before the edge that is asked about.
struct fan_pattern_options {
  std::size_t width_min = 2;
  std::int64_t within_us = 0;
  /// Edges that one search looks at, at most.
  std::size_t steps_max = 1'000'000;
};

/// What came of a search: the edges that make the pattern, in the stream's order; none if it is not there, or was not
/// found before the search was truncated.
struct fan_pattern {
  std::vector<edge_id> edges;
  bool truncated = false;

  explicit operator bool() const { return !edges.empty(); }
};

namespace detail {

/// For each vertex at the other end of some edges, one of these edges: the first that is offered. Without `self`.
template <class Edges>
bool first_of_each(const Edges& edges, vertex_id self, std::size_t& steps_left, std::map<vertex_id, edge_id>& found) {
  for (const neighbour n : edges) {
    if (steps_left == 0) return false;
    --steps_left;
    if (n.vertex != self) found.try_emplace(n.vertex, n.edge);
  }
  return true;
}

inline std::vector<edge_id> in_order(std::vector<edge_id> edges) {
  std::ranges::sort(edges);
  edges.erase(std::ranges::unique(edges).begin(), edges.end());
  return edges;
}

template <class G>
auto within(const G& g, const edge& e, std::int64_t within_us) {
  return g.as_of(e.id, time_us{static_cast<std::int64_t>(e.at) - within_us});
}

}  // namespace detail

/// **Scatter and gather**: whether `last` ends at a sink that one source reached over at least `width_min` distinct
/// middlemen, each paid before it pays (strictly, by time), all edges within `within_us` up to `last`. Source,
/// middlemen and sink are distinct. The source with the least id is shown, with the latest payment of each middleman
/// and the first that it had.
///
/// Exact unless `truncated`. Takes the time of the edges that come to the sink and to those who paid it.
template <directed_graph G>
fan_pattern find_scatter_gather(const G& g, const edge& last, const fan_pattern_options& options) {
  const auto then = detail::within(g, last, options.within_us);
  std::size_t steps_left = options.steps_max;
  std::map<vertex_id, edge_id> paid_by;
  const auto gathered = then.in_edges(last.to);
  fan_pattern pattern;
  if (!detail::first_of_each(gathered | std::views::reverse, last.to, steps_left, paid_by)) pattern.truncated = true;
  if (paid_by.size() < options.width_min) return pattern;
  std::map<vertex_id, std::vector<edge_id>> by_source;
  for (const auto& [middleman, pays] : paid_by) {
    const time_us before = then.at(pays);
    std::map<vertex_id, edge_id> sources;
    const auto coming = then.in_edges(middleman);
    if (!detail::first_of_each(coming, middleman, steps_left, sources)) pattern.truncated = true;
    for (const auto& [source, paid] : sources) {
      if (source == last.to || then.at(paid) >= before) continue;
      by_source[source].insert(by_source[source].end(), {paid, pays});
    }
  }
  for (auto& [source, edges] : by_source) {
    if (edges.size() < 2 * options.width_min) continue;
    pattern.edges = detail::in_order(std::move(edges));
    break;
  }
  return pattern;
}

/// **Gather and scatter**: whether `last` leaves a vertex that was paid by at least `width_min` distinct others and
/// then pays at least `width_min` distinct others, all edges within `within_us` up to `last`. *Then*: each of these
/// payments is later (strictly, by time) than the one by which the vertex had been paid by so many. Who paid may be
/// paid back.
///
/// Exact unless `truncated`. Takes the time of the vertex's edges.
template <directed_graph G>
fan_pattern find_gather_scatter(const G& g, const edge& last, const fan_pattern_options& options) {
  const auto then = detail::within(g, last, options.within_us);
  std::size_t steps_left = options.steps_max;
  std::map<vertex_id, edge_id> payers;
  std::map<vertex_id, edge_id> payees;
  fan_pattern pattern;
  pattern.truncated =
      !detail::first_of_each(then.in_edges(last.from), last.from, steps_left, payers) ||
      !detail::first_of_each(then.out_edges(last.from) | std::views::reverse, last.from, steps_left, payees);
  if (payers.size() < options.width_min || options.width_min == 0) return pattern;
  std::vector<edge_id> edges;
  for (const auto& [payer, paid] : payers) edges.push_back(paid);
  std::ranges::sort(edges);
  edges.resize(options.width_min);
  const time_us gathered = then.at(edges.back());
  for (const auto& [payee, pays] : payees) {
    if (then.at(pays) > gathered) edges.push_back(pays);
  }
  if (edges.size() >= 2 * options.width_min) pattern.edges = detail::in_order(std::move(edges));
  return pattern;
}

}  // namespace weir::graph
