#include "graph/leiden.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace weir::graph {

namespace {

constexpr int rounds_max = 50;

/// The weight of one node's edges to each part: of one node at a time.
class weights_by_part {
 public:
  explicit weights_by_part(std::size_t parts) : weight_(parts) {}

  void add(std::uint32_t part, std::uint64_t weight) {
    if (weight_[part] == 0) met_.push_back(part);
    weight_[part] += weight;
  }
  std::uint64_t to(std::uint32_t part) const { return weight_[part]; }
  const std::vector<std::uint32_t>& met() const { return met_; }
  void clear() {
    for (const std::uint32_t part : met_) weight_[part] = 0;
    met_.clear();
  }

 private:
  std::vector<std::uint64_t> weight_;
  std::vector<std::uint32_t> met_;
};

void each_edge(const weighted_rows& g, std::uint32_t v, auto visit) {
  for (std::uint64_t i = g.first[v]; i < g.first[v + 1]; ++i) visit(g.to[i], g.weight[i]);
}

std::vector<std::uint64_t> strengths(const weighted_rows& g, const partition& parts) {
  std::vector<std::uint64_t> sums(g.size());
  for (std::uint32_t v = 0; v < g.size(); ++v) sums[parts[v]] += g.strength[v];
  return sums;
}

/// Moves nodes to the parts that they fit best, until none fits another better.
class node_mover {
 public:
  node_mover(const weighted_rows& g, partition& parts, double resolution)
      : g_(g),
        parts_(parts),
        resolution_(resolution),
        total_(g.total()),
        strength_(strengths(g, parts)),
        weights_(g.size()),
        waits_(g.size(), 1) {}

  void run() {
    std::vector<std::uint32_t> now(g_.size());
    std::iota(now.begin(), now.end(), 0u);
    for (int round = 0; round < rounds_max && !now.empty(); ++round) {
      for (const std::uint32_t v : std::exchange(now, {})) {
        waits_[v] = 0;
        if (move(v)) wake_neighbours(v, now);
      }
    }
  }

 private:
  bool move(std::uint32_t v) {
    weights_.clear();
    each_edge(g_, v, [&](std::uint32_t w, std::uint32_t weight) { weights_.add(parts_[w], weight); });
    const std::uint32_t from = parts_[v];
    strength_[from] -= g_.strength[v];
    std::uint32_t best = from;
    double most = fit_in(v, from);
    for (const std::uint32_t part : weights_.met()) {
      const double here = fit_in(v, part);
      if (here > most) best = part;
      most = std::max(most, here);
    }
    strength_[best] += g_.strength[v];
    parts_[v] = best;
    return best != from;
  }
  double fit_in(std::uint32_t v, std::uint32_t part) const {
    return fit(weights_.to(part), g_.strength[v], strength_[part], total_, resolution_);
  }

  void wake_neighbours(std::uint32_t v, std::vector<std::uint32_t>& next) {
    each_edge(g_, v, [&](std::uint32_t w, std::uint32_t) {
      if (parts_[w] != parts_[v] && !std::exchange(waits_[w], 1)) next.push_back(w);
    });
  }

  const weighted_rows& g_;
  partition& parts_;
  double resolution_;
  std::uint64_t total_;
  std::vector<std::uint64_t> strength_;  // of each part
  weights_by_part weights_;
  std::vector<char> waits_;
};

/// Parts of parts: each node, while alone, joins the well connected subset that it fits best.
class refiner {
 public:
  refiner(const weighted_rows& g, const partition& parts, double resolution)
      : g_(g),
        parts_(parts),
        resolution_(resolution),
        total_(g.total()),
        part_strength_(strengths(g, parts)),
        subsets_(g.size()),
        strength_(g.strength),
        outside_(g.size()),
        is_joined_(g.size()),
        weights_(g.size()) {
    std::iota(subsets_.begin(), subsets_.end(), 0u);
    for (std::uint32_t v = 0; v < g_.size(); ++v) {
      each_inside(v, [&](std::uint32_t, std::uint32_t weight) { outside_[v] += weight; });
    }
  }

  partition run() {
    for (std::uint32_t v = 0; v < g_.size(); ++v) {
      if (!is_joined_[v] && is_well_connected(v)) join_best(v);
    }
    return std::move(subsets_);
  }

 private:
  void each_inside(std::uint32_t v, auto visit) const {
    each_edge(g_, v, [&](std::uint32_t w, std::uint32_t weight) {
      if (parts_[w] == parts_[v]) visit(w, weight);
    });
  }
  // With the rest of its part. A subset has the number of one of its nodes.
  bool is_well_connected(std::uint32_t subset) const {
    const std::uint64_t rest = part_strength_[parts_[subset]] - strength_[subset];
    return fit(outside_[subset], strength_[subset], rest, total_, resolution_) >= 0;
  }

  void join_best(std::uint32_t v) {
    weights_.clear();
    each_inside(v, [&](std::uint32_t w, std::uint32_t weight) { weights_.add(subsets_[w], weight); });
    std::uint32_t best = v;
    double most = 0;
    for (const std::uint32_t subset : weights_.met()) {
      const double here = fit(weights_.to(subset), g_.strength[v], strength_[subset], total_, resolution_);
      if (here <= most || !is_well_connected(subset)) continue;
      best = subset;
      most = here;
    }
    if (best == v) return;
    outside_[best] = outside_[best] + outside_[v] - 2 * weights_.to(best);
    strength_[best] += strength_[v];
    subsets_[v] = best;
    is_joined_[best] = is_joined_[v] = 1;
  }

  const weighted_rows& g_;
  const partition& parts_;
  double resolution_;
  std::uint64_t total_;
  std::vector<std::uint64_t> part_strength_;
  partition subsets_;
  std::vector<std::uint64_t> strength_;  // of each subset
  std::vector<std::uint64_t> outside_;   // the weight of its edges to the rest of its part
  std::vector<char> is_joined_;          // others are in the node's subset, or it is in another's
  weights_by_part weights_;
};

// Numbers parts from 0 on, by their first nodes. How many there are.
std::uint32_t renumber(partition& parts) {
  std::vector<std::uint32_t> number(parts.size(), ~0u);
  std::uint32_t count = 0;
  for (std::uint32_t& part : parts) {
    if (number[part] == ~0u) number[part] = count++;
    part = number[part];
  }
  return count;
}

// Nodes by part, and where those of each begin.
std::pair<std::vector<std::uint32_t>, std::vector<std::uint32_t>> by_part(const partition& parts, std::uint32_t count) {
  std::vector<std::uint32_t> first(count + 1);
  for (const std::uint32_t part : parts) ++first[part + 1];
  std::partial_sum(first.begin(), first.end(), first.begin());
  std::vector<std::uint32_t> nodes(parts.size());
  std::vector<std::uint32_t> next(first);
  for (std::uint32_t v = 0; v < parts.size(); ++v) nodes[next[parts[v]]++] = v;
  return {std::move(nodes), std::move(first)};
}

// Each part becomes a node.
weighted_rows aggregate(const weighted_rows& g, const partition& parts, std::uint32_t count) {
  const auto [nodes, first] = by_part(parts, count);
  weighted_rows smaller;
  smaller.strength.resize(count);
  weights_by_part weights(count);
  for (std::uint32_t part = 0; part < count; ++part) {
    weights.clear();
    for (std::uint32_t i = first[part]; i < first[part + 1]; ++i) {
      smaller.strength[part] += g.strength[nodes[i]];
      each_edge(g, nodes[i], [&](std::uint32_t w, std::uint32_t weight) {
        if (parts[w] != part) weights.add(parts[w], weight);
      });
    }
    for (const std::uint32_t other : weights.met()) {
      smaller.to.push_back(other);
      smaller.weight.push_back(static_cast<std::uint32_t>(weights.to(other)));
    }
    smaller.first.push_back(smaller.to.size());
  }
  return smaller;
}

}  // namespace

std::uint64_t weighted_rows::total() const {
  return std::accumulate(strength.begin(), strength.end(), std::uint64_t{0});
}

partition leiden(const weighted_rows& vertices, double resolution) {
  partition node(vertices.size());  // of each vertex, in the graph of the moment
  std::iota(node.begin(), node.end(), 0u);
  partition parts = node;
  weighted_rows smaller;
  for (const weighted_rows* g = &vertices;; g = &smaller) {
    node_mover(*g, parts, resolution).run();
    if (renumber(parts) == g->size()) break;
    partition subsets = refiner(*g, parts, resolution).run();
    const std::uint32_t count = renumber(subsets);
    if (count == g->size()) break;
    partition above(count);
    for (std::uint32_t v = 0; v < g->size(); ++v) above[subsets[v]] = parts[v];
    for (std::uint32_t& n : node) n = subsets[n];
    smaller = aggregate(*g, subsets, count);
    parts = std::move(above);
  }
  for (std::uint32_t& n : node) n = parts[n];
  node_mover(vertices, node, resolution).run();
  return node;
}

}  // namespace weir::graph
