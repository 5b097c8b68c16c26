#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "graph/concepts.hpp"
#include "graph/pair_counts.hpp"
#include "graph/vertex_states.hpp"

namespace weir::graph {

/// Of a vertex in the simple undirected graph: how many others it has an edge with, and how many pairs of these have
/// one with each other.
struct clustering {
  std::uint32_t degree = 0;
  std::uint64_t triangles = 0;

  /// The local clustering coefficient: which share of the pairs has an edge; 0 where there is no pair.
  double coefficient() const {
    const double pairs = 0.5 * degree * (degree - 1.0);
    return degree < 2 ? 0 : static_cast<double>(triangles) / pairs;
  }
  friend bool operator==(const clustering&, const clustering&) = default;
};

/// Triangles and clustering of every vertex, in the simple undirected graph: directions, parallel edges and self loops
/// don't count. Exact. `apply` reads, for each pair that gets its first edge or loses its last, the edges of the one of
/// the two that has fewer; a change of more than an eighth of the graph starts afresh. Some 20 bytes for each pair with
/// edges.
class triangles {
 public:
  const clustering& operator[](vertex_id v) const { return of_[v]; }
  /// All triangles of the graph.
  std::uint64_t count() const { return count_; }

  template <directed_graph G, edge_delta D>
  std::vector<vertex_id> apply(const G& g, const D& change) {
    const std::size_t size = change.inserted().size() + change.expired().size() + change.retracted().size();
    if (size > g.edge_count() / 8 + few) {
      const triangles before = std::exchange(*this, {});
      recompute(g);
      return differing(before);
    }
    take_all(g, change);
    for (const edge& e : change.inserted()) {
      if (e.from == e.to || !joined(e)) continue;
      degrees(e, 1);
      common(g, e, {}, 1);
    }
    return of_.take_changed();
  }

  template <directed_graph G>
  void recompute(const G& g) {
    *this = triangles{};
    std::vector<edge> simple;
    for (const edge& e : g.edges()) {
      if (e.from == e.to || !joined(e)) continue;
      simple.push_back(e);
      degrees(e, 1);
    }
    count_oriented(simple, g.vertex_count());
    of_.take_changed();
  }

  template <directed_graph G>
  bool verify(const G& g) const {
    triangles afresh;
    afresh.recompute(g);
    return afresh.of_ == of_ && afresh.pairs_ == pairs_ && afresh.count_ == count_;
  }

 private:
  static constexpr std::size_t few = 16;
  using gone = std::multimap<vertex_id, vertex_id>;

  // Whether this edge is the first, and whether it was the last, of its two vertices.
  bool joined(const edge& e) { return pairs_.add(std::min(e.from, e.to), std::max(e.from, e.to)) == 1; }
  bool parted(const edge& e) { return pairs_.take(std::min(e.from, e.to), std::max(e.from, e.to)) == 0; }
  bool together(vertex_id a, vertex_id b) const { return a != b && pairs_.of(std::min(a, b), std::max(a, b)) > 0; }

  // What left the graph goes first. What is to go still is not among the graph's edges any more.
  template <directed_graph G, edge_delta D>
  void take_all(const G& g, const D& change) {
    gone pending;
    const auto note = [&pending](const auto& edges) {
      for (const edge& e : edges) {
        pending.emplace(e.from, e.to);
        pending.emplace(e.to, e.from);
      }
    };
    note(change.expired());
    note(change.retracted());
    const auto take = [&](const auto& edges) {
      for (const edge& e : edges) {
        if (e.from == e.to || !parted(e)) continue;
        degrees(e, -1);
        common(g, e, pending, -1);
      }
    };
    take(change.expired());
    take(change.retracted());
  }

  // Counts a triangle for each vertex that has an edge with both, by what is counted now: the graph may have edges that
  // are not yet. Of parallel edges only the first is looked up.
  template <directed_graph G>
  void common(const G& g, const edge& e, const gone& pending, int by) {
    const auto [a, b] = of_[e.to].degree < of_[e.from].degree ? std::pair(e.to, e.from) : std::pair(e.from, e.to);
    ++mark_;
    int found = 0;
    const auto look = [&, a = a, b = b](vertex_id w) {
      if (std::exchange(met_.at(w), mark_) == mark_ || !together(b, w) || !together(a, w)) return;
      add(of_.touch(w).triangles, by);
      found += by;
    };
    for (const neighbour n : g.out_edges(a)) look(n.vertex);
    for (const neighbour n : g.in_edges(a)) look(n.vertex);
    const auto [first, last] = pending.equal_range(a);
    for (auto at = first; at != last; ++at) look(at->second);
    for (const vertex_id v : {a, b}) add(of_.touch(v).triangles, found);
    add(count_, found);
  }

  static void add(auto& to, int by) { to += static_cast<std::decay_t<decltype(to)>>(static_cast<std::int64_t>(by)); }

  void degrees(const edge& e, int by) {
    for (const vertex_id v : {e.from, e.to}) add(of_.touch(v).degree, by);
  }
  std::vector<vertex_id> differing(const triangles& before) const {
    std::vector<vertex_id> changed;
    for (std::size_t i = 0; i < std::max(of_.size(), before.of_.size()); ++i) {
      const vertex_id v{static_cast<std::uint32_t>(i)};
      if (!(of_[v] == before.of_[v])) changed.push_back(v);
    }
    return changed;
  }

  // Each edge leads to its end with more edges: so lists are short, and each triangle is met at its first vertex only.
  void count_oriented(const std::vector<edge>& simple, std::size_t vertices) {
    const auto before = [&](vertex_id a, vertex_id b) {
      return std::pair(of_[a].degree, a) < std::pair(of_[b].degree, b);
    };
    std::vector<std::uint64_t> first(vertices + 2);
    for (const edge& e : simple) ++first[static_cast<std::size_t>(before(e.from, e.to) ? e.from : e.to) + 2];
    for (std::size_t i = 2; i < first.size(); ++i) first[i] += first[i - 1];
    std::vector<vertex_id> rows(simple.size());
    for (const edge& e : simple) {
      const auto [low, high] = before(e.from, e.to) ? std::pair(e.from, e.to) : std::pair(e.to, e.from);
      rows[first[static_cast<std::size_t>(low) + 1]++] = high;
    }
    std::vector<std::uint32_t> marked(vertices, 0);
    for (std::size_t u = 0; u < vertices; ++u) {
      const auto mark = static_cast<std::uint32_t>(u) + 1;
      for (std::uint64_t i = first[u]; i < first[u + 1]; ++i) marked[static_cast<std::size_t>(rows[i])] = mark;
      for (std::uint64_t i = first[u]; i < first[u + 1]; ++i) {
        const auto v = static_cast<std::size_t>(rows[i]);
        for (std::uint64_t k = first[v]; k < first[v + 1]; ++k) {
          if (marked[static_cast<std::size_t>(rows[k])] != mark) continue;
          for (const vertex_id w : {vertex_id{static_cast<std::uint32_t>(u)}, rows[i], rows[k]})
            ++of_.touch(w).triangles;
          ++count_;
        }
      }
    }
  }

  pair_counts pairs_;  // by the lesser vertex first
  tracked_states<clustering> of_;
  std::uint64_t count_ = 0;
  vertex_states<std::uint64_t> met_;  // in which walk a vertex was met last
  std::uint64_t mark_ = 0;
};

}  // namespace weir::graph
