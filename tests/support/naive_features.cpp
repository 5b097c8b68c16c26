#include "tests/support/naive_features.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

#include "graph/algorithms/temporal_cycles.hpp"
#include "tests/support/naive_graph.hpp"
#include "tests/support/naive_patterns.hpp"

namespace weir::testing {

using namespace graph;

namespace {

// The edges that a group sees, the transaction the last of them.
std::vector<edge> seen(const std::vector<edge_event>& all, std::size_t i, std::int64_t window_us) {
  std::vector<edge> edges;
  for (std::size_t k = 0; k <= i; ++k) {
    if (static_cast<std::int64_t>(all[k].at) < static_cast<std::int64_t>(all[i].at) - window_us) continue;
    edges.push_back({edge_id{k}, all[k].from, all[k].to, all[k].at, all[k].weight});
  }
  return edges;
}

std::vector<edge> those(const std::vector<edge>& edges, const std::function<bool(const edge&)>& wanted) {
  std::vector<edge> some;
  std::ranges::copy_if(edges, std::back_inserter(some), wanted);
  return some;
}

std::vector<edge> into(const std::vector<edge>& edges, vertex_id v) {
  return those(edges, [v](const edge& e) { return e.to == v; });
}
std::vector<edge> out_of(const std::vector<edge>& edges, vertex_id v) {
  return those(edges, [v](const edge& e) { return e.from == v; });
}

std::int64_t distinct(const std::vector<edge>& edges, vertex_id edge::* end) {
  std::set<vertex_id> met;
  for (const edge& e : edges) met.insert(e.*end);
  return std::ssize(met);
}

void spread(const std::vector<edge>& edges, const std::string& name, naive_row& row) {
  long double mean = 0;
  std::uint64_t sum = 0;
  for (const edge& e : edges) sum += static_cast<std::uint64_t>(e.weight);
  for (const edge& e : edges) mean += static_cast<long double>(e.weight) / static_cast<long double>(edges.size());
  long double m2 = 0;
  long double m3 = 0;
  long double m4 = 0;
  for (const edge& e : edges) {
    const long double d = static_cast<long double>(e.weight) - mean;
    m2 += d * d / static_cast<long double>(edges.size());
    m3 += d * d * d / static_cast<long double>(edges.size());
    m4 += d * d * d * d / static_cast<long double>(edges.size());
  }
  const auto by_weight = [](const edge& a, const edge& b) { return a.weight < b.weight; };
  const bool any = !edges.empty();
  row.counts[name + "_sum"] = static_cast<std::int64_t>(sum);
  row.counts[name + "_min"] = any ? std::ranges::min_element(edges, by_weight)->weight : 0;
  row.counts[name + "_max"] = any ? std::ranges::max_element(edges, by_weight)->weight : 0;
  const bool flat = row.counts[name + "_min"] == row.counts[name + "_max"];
  row.reals[name + "_mean"] = static_cast<double>(mean);
  row.reals[name + "_std"] = flat ? 0 : static_cast<double>(std::sqrt(m2));
  row.reals[name + "_skew"] = flat ? 0 : static_cast<double>(m3 / (m2 * std::sqrt(m2)));
  row.reals[name + "_kurtosis"] = flat ? 0 : static_cast<double>(m4 / (m2 * m2) - 3);
}

// How many middlemen took money from `source` and paid it on to `sink` later.
std::int64_t middlemen(const std::vector<edge>& edges, vertex_id source, vertex_id sink, vertex_id must) {
  std::set<vertex_id> found;
  for (const edge& paid : out_of(edges, source)) {
    for (const edge& pays : into(edges, sink)) {
      const bool are_distinct = paid.to != source && paid.to != sink && source != sink;
      if (pays.from == paid.to && paid.at < pays.at && are_distinct) found.insert(paid.to);
    }
  }
  return found.contains(must) ? std::ssize(found) : 0;
}

void scatter_gather_of(const std::vector<edge>& edges, const edge& last, naive_row& row) {
  auto& width = row.counts["scatter_gather_width"] = 0;
  auto& sources = row.counts["scatter_gather_sources"] = 0;
  std::set<vertex_id> all;
  for (const edge& e : edges) all.insert(e.from);
  for (const vertex_id source : all) {
    const std::int64_t over = middlemen(edges, source, last.to, last.from);
    width = std::max(width, over);
    if (over >= 2) ++sources;
  }
}

void gather_scatter_of(const naive_graph& g, const edge& last, std::int64_t window_us, naive_row& row) {
  auto& width = row.counts["gather_scatter_width"] = 0;
  for (std::size_t w = 1; w <= g.edge_count(); ++w) {
    if (naive_gather_scatter(g, last, {.width_min = w, .within_us = window_us})) width = static_cast<std::int64_t>(w);
  }
}

// Ways from `at` to `target` over distinct vertices, by length.
void ways(const std::vector<edge>& edges, vertex_id at, vertex_id target, std::vector<vertex_id>& met, std::size_t most,
          std::vector<std::int64_t>& counts) {
  for (const edge& e : edges) {
    if (e.from != at || std::ranges::find(met, e.to) != met.end()) continue;
    if (e.to == target) {
      ++counts[met.size() + 1];
    } else if (met.size() + 1 < most) {
      met.push_back(e.to);
      ways(edges, e.to, target, met, most, counts);
      met.pop_back();
    }
  }
}

void simple_cycles_of(const std::vector<edge>& edges, const edge& last, std::size_t most, naive_row& row) {
  std::vector<std::int64_t> counts(most + 2);
  std::vector<vertex_id> met{last.to};
  if (last.from != last.to) ways(edges, last.to, last.from, met, most, counts);
  for (std::size_t n = 2; n <= most; ++n) row.counts["simple_cycles_" + std::to_string(n)] = counts[n];
}

void temporal_cycles_of(const naive_graph& g, const edge& last, const feature_options& options, naive_row& row) {
  for (std::size_t n = 2; n <= options.temporal_length_max; ++n) row.counts["temporal_cycles_" + std::to_string(n)] = 0;
  const cycle_options search{
      .length_min = 2, .length_max = options.temporal_length_max, .within_us = *options.temporal_cycles_us};
  for (const auto& cycle : naive_cycles(g, last, search)) {
    ++row.counts["temporal_cycles_" + std::to_string(cycle.size())];
  }
}

naive_row row_of(const std::vector<edge_event>& all, std::size_t i, const feature_options& options,
                 const naive_graph& g) {
  naive_row row;
  row.counts["truncated"] = 0;
  const edge last{edge_id{i}, all[i].from, all[i].to, all[i].at, all[i].weight};
  const std::vector<std::pair<std::string, vertex_id>> ends{{"from", last.from}, {"to", last.to}};
  for (const auto& [name, v] : ends) {
    if (options.degree_us) {
      row.counts[name + "_in_degree"] = std::ssize(into(seen(all, i, *options.degree_us), v));
      row.counts[name + "_out_degree"] = std::ssize(out_of(seen(all, i, *options.degree_us), v));
    }
    if (options.fan_us) {
      row.counts[name + "_fan_in"] = distinct(into(seen(all, i, *options.fan_us), v), &edge::from);
      row.counts[name + "_fan_out"] = distinct(out_of(seen(all, i, *options.fan_us), v), &edge::to);
    }
    if (options.flow_us) {
      spread(into(seen(all, i, *options.flow_us), v), name + "_in", row);
      spread(out_of(seen(all, i, *options.flow_us), v), name + "_out", row);
    }
  }
  const auto as_of = [&](std::int64_t window_us) {
    return g.as_of(last.id, time_us{static_cast<std::int64_t>(last.at) - window_us});
  };
  if (const auto us = options.scatter_gather_us) scatter_gather_of(seen(all, i, *us), last, row);
  if (const auto us = options.gather_scatter_us) gather_scatter_of(as_of(*us), last, *us, row);
  if (const auto us = options.temporal_cycles_us) temporal_cycles_of(as_of(*us), last, options, row);
  if (const auto us = options.simple_cycles_us) {
    simple_cycles_of(seen(all, i, *us), last, options.simple_length_max, row);
  }
  return row;
}

}  // namespace

std::vector<naive_row> naive_features(const std::vector<edge_event>& transactions, const feature_options& options) {
  naive_graph g(std::int64_t{1} << 60);
  if (!transactions.empty()) g.apply(transactions, transactions.back().at);
  std::vector<naive_row> rows;
  for (std::size_t i = 0; i < transactions.size(); ++i) rows.push_back(row_of(transactions, i, options, g));
  return rows;
}

}  // namespace weir::testing
