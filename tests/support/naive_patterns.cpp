#include "tests/support/naive_patterns.hpp"

#include <algorithm>

namespace weir::testing {

using namespace graph;

namespace {

std::vector<edge> edges_within(const naive_graph& g, const edge& last, std::int64_t within_us) {
  return g.as_of(last.id, time_us{static_cast<std::int64_t>(last.at) - within_us}).edges();
}

bool is_cycle(const std::vector<edge>& path) {
  std::set<vertex_id> met;
  for (const edge& e : path) met.insert(e.from);
  return met.size() == path.size() && path.back().to == path.front().from;
}

void extend(std::vector<edge>& path, const std::vector<edge>& edges, const edge& last, const cycle_options& options,
            std::set<std::vector<edge_id>>& found) {
  if (path.back() == last) {
    if (path.size() < options.length_min || !is_cycle(path)) return;
    std::vector<edge_id> ids;
    for (const edge& e : path) ids.push_back(e.id);
    found.insert(ids);
    return;
  }
  if (path.size() == options.length_max) return;
  for (const edge& e : edges) {
    const bool later = options.in_order ? e.id > path.back().id : e.at > path.back().at;
    if (!later || e.from != path.back().to) continue;
    path.push_back(e);
    extend(path, edges, last, options, found);
    path.pop_back();
  }
}

bool is_path(const std::vector<edge>& path, vertex_id target, const path_options& options) {
  std::set<vertex_id> met{target};
  for (const edge& e : path) met.insert(e.from);
  const auto took_us = static_cast<std::int64_t>(path.back().at) - static_cast<std::int64_t>(path.front().at);
  return path.back().to == target && met.size() == path.size() + 1 && took_us <= options.within_us;
}

void extend(std::vector<edge>& path, const naive_graph& g, vertex_id target, const path_options& options,
            std::set<std::vector<edge_id>>& found) {
  if (is_path(path, target, options)) {
    std::vector<edge_id> ids;
    for (const edge& e : path) ids.push_back(e.id);
    found.insert(ids);
  }
  if (path.size() == options.length_max) return;
  for (const edge& e : g.edges()) {
    const bool later = options.in_order ? e.id > path.back().id : e.at > path.back().at;
    if (!later || e.from != path.back().to) continue;
    path.push_back(e);
    extend(path, g, target, options, found);
    path.pop_back();
  }
}

}  // namespace

std::set<std::vector<edge_id>> naive_cycles(const naive_graph& g, const edge& last, const cycle_options& options) {
  std::set<std::vector<edge_id>> found;
  const auto edges = edges_within(g, last, options.within_us);
  for (const edge& e : edges) {
    if (e.from != last.to || options.length_max == 0) continue;
    std::vector<edge> path{e};
    extend(path, edges, last, options, found);
  }
  return found;
}

std::set<std::vector<edge_id>> naive_paths(const naive_graph& g, vertex_id source, vertex_id target,
                                           const path_options& options) {
  std::set<std::vector<edge_id>> found;
  for (const edge& e : g.edges()) {
    if (e.from != source || options.length_max == 0) continue;
    std::vector<edge> path{e};
    extend(path, g, target, options, found);
  }
  return found;
}

bool naive_scatter_gather(const naive_graph& g, const edge& last, const fan_pattern_options& options) {
  const auto edges = edges_within(g, last, options.within_us);
  const vertex_id sink = last.to;
  for (std::uint32_t s = 0; s < g.vertex_count(); ++s) {
    const vertex_id source{s};
    std::set<vertex_id> middlemen;
    for (const edge& in : edges) {
      for (const edge& out : edges) {
        const bool passes = in.from == source && out.to == sink && in.to == out.from && in.at < out.at;
        const bool distinct = source != sink && in.to != source && in.to != sink;
        if (passes && distinct) middlemen.insert(in.to);
      }
    }
    if (middlemen.size() >= options.width_min) return true;
  }
  return false;
}

bool naive_gather_scatter(const naive_graph& g, const edge& last, const fan_pattern_options& options) {
  const auto edges = edges_within(g, last, options.within_us);
  const vertex_id centre = last.from;
  for (const edge& moment : edges) {
    std::set<vertex_id> payers;
    std::set<vertex_id> payees;
    for (const edge& e : edges) {
      if (e.to == centre && e.from != centre && e.at <= moment.at) payers.insert(e.from);
      if (e.from == centre && e.to != centre && e.at > moment.at) payees.insert(e.to);
    }
    if (payers.size() >= options.width_min && payees.size() >= options.width_min) return true;
  }
  return false;
}

}  // namespace weir::testing
