#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <numeric>
#include <optional>
#include <ranges>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "graph/concepts.hpp"
#include "graph/spanning_forest.hpp"
#include "graph/vertex_states.hpp"
#include "graph/work_limit.hpp"

namespace weir::graph {

/// The weakly connected components of the window: who is connected to whom, whatever the direction of the edges. Exact.
///
/// Keeps a spanning forest of the youngest edges (see `spanning_forest`), so that an edge that expires needs no search.
/// `apply` takes the depth of the trees for each edge of the change. An edge of the forest that is retracted takes the
/// edges of the smaller of the two sides too, where what replaces it is looked for. A change of more than an eighth of
/// the graph, or one that takes more steps than `recompute` would (see `work_limit`), is given up for it.
class components {
 public:
  bool connected(vertex_id a, vertex_id b) const { return a == b || forest_.connected(a, b); }
  /// Vertices in the component of `v`, itself among them.
  std::size_t size_of(vertex_id v) const { return forest_.tree_size(v); }
  /// The same vertex for all of a component, until the next change.
  vertex_id representative(vertex_id v) const { return forest_.root(v); }

  /// Names vertices of all components that were joined or split: the ends of the edges that did it, or, after a fresh
  /// start, more. Who is connected to one of them may have changed with it.
  template <directed_graph G, edge_delta D>
  std::vector<vertex_id> apply(const G& g, const D& change) {
    touched_.clear();
    if (is_large(g, change) || !insert(change) || !expire(change) || !retract(g, change)) {
      recompute(g);
      return size_of_change(change) < g.vertex_count() ? ends_of(change) : all_vertices(g);
    }
    std::ranges::sort(touched_);
    touched_.erase(std::ranges::unique(touched_).begin(), touched_.end());
    return touched_;
  }

  template <directed_graph G>
  void recompute(const G& g) {
    forest_.assign(g.vertex_count(), youngest_edges(g));
  }

  template <directed_graph G>
  bool verify(const G& g) const {
    components afresh;
    afresh.recompute(g);
    std::unordered_map<vertex_id, vertex_id> names;
    for (std::size_t i = 0; i < g.vertex_count(); ++i) {
      const vertex_id v{static_cast<std::uint32_t>(i)};
      if (afresh.size_of(v) != size_of(v)) return false;
      const vertex_id here = representative(v);
      if (names.try_emplace(afresh.representative(v), here).first->second != here) return false;
    }
    return true;
  }

 private:
  static constexpr std::size_t few = 1'000;
  // What an edge that comes takes as a rule, and one of the forest that is retracted, in steps of the forest; one that
  // expires is seldom in it still.
  static constexpr std::uint64_t insert_work = 40;
  static constexpr std::uint64_t replace_work = 1'000;
  // What a search for what replaces an edge takes, and each edge that it looks at, in steps of the forest.
  static constexpr std::uint64_t search_steps = 200;
  static constexpr std::uint64_t look_steps = 4;

  // Kruskal's way, from the youngest on. Who is in one set with whom is found by halving paths.
  template <directed_graph G>
  static std::vector<edge> youngest_edges(const G& g) {
    std::vector<edge> all;
    all.reserve(g.edge_count());
    for (const edge& e : g.edges()) all.push_back(e);
    std::vector<std::uint32_t> parent(g.vertex_count());
    std::iota(parent.begin(), parent.end(), 0u);
    const auto find = [&parent](vertex_id of) {
      auto v = static_cast<std::uint32_t>(of);
      while (parent[v] != v) v = parent[v] = parent[parent[v]];
      return v;
    };
    std::vector<edge> forest;
    for (const edge& e : all | std::views::reverse) {
      const std::uint32_t a = find(e.from);
      const std::uint32_t b = find(e.to);
      if (a == b) continue;
      parent[std::max(a, b)] = std::min(a, b);
      forest.push_back(e);
    }
    return forest;
  }

  template <directed_graph G>
  static std::vector<vertex_id> all_vertices(const G& g) {
    std::vector<vertex_id> all(g.vertex_count());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = vertex_id{static_cast<std::uint32_t>(i)};
    return all;
  }

  // Whether it takes a fresh start, as far as can be told before.
  template <directed_graph G, edge_delta D>
  bool is_large(const G& g, const D& change) {
    const std::uint64_t afresh = 12 * g.vertex_count() + 2 * g.edge_count() + few;
    const auto held = std::ranges::count_if(change.retracted(), [this](const edge& e) { return forest_.has(e); });
    const std::uint64_t replaced = static_cast<std::uint64_t>(held) * replace_work;
    limit_ = work_limit(afresh, change.inserted().size() * insert_work + change.expired().size() + replaced);
    steps_before_ = forest_.steps();
    looked_at_ = done_ = 0;
    return size_of_change(change) > g.edge_count() / 8 + few || replaced > afresh;
  }
  // Another edge of the change is done.
  bool goes_on(std::uint64_t work) {
    return limit_.allows(forest_.steps() - steps_before_ + looked_at_, done_ += work);
  }

  void touch(const edge& e) { touched_.insert(touched_.end(), {e.from, e.to}); }

  template <edge_delta D>
  bool insert(const D& change) {
    for (const edge& e : change.inserted()) {
      if (forest_.add(e)) touch(e);
      if (!goes_on(insert_work)) return false;
    }
    return true;
  }

  // Nothing can replace what expires: see spanning_forest.
  template <edge_delta D>
  bool expire(const D& change) {
    for (const edge& e : change.expired()) {
      if (forest_.has(e)) {
        forest_.cut(e);
        touch(e);
      }
      if (!goes_on(1)) return false;
    }
    return true;
  }

  template <directed_graph G, edge_delta D>
  bool retract(const G& g, const D& change) {
    std::multimap<vertex_id, edge> pending;  // in the forest still, but no more in the graph; by both ends
    for (const edge& e : change.retracted()) {
      if (!forest_.has(e)) continue;
      pending.emplace(e.from, e);
      pending.emplace(e.to, e);
    }
    for (const edge& e : change.retracted()) {
      if (!forest_.has(e)) continue;
      replace(g, e, pending);
      if (!goes_on(replace_work)) return false;
    }
    return true;
  }
  template <directed_graph G>
  void replace(const G& g, const edge& e, const std::multimap<vertex_id, edge>& pending) {
    looked_at_ += search_steps;
    forest_.cut(e);
    if (const auto replaces = youngest_across(g, e, pending)) {
      forest_.link(*replaces);
    } else {
      touch(e);
    }
  }

  // The youngest edge of the graph between the two trees that `was` held together.
  template <directed_graph G>
  std::optional<edge> youngest_across(const G& g, const edge& was, const std::multimap<vertex_id, edge>& pending) {
    const bool from_smaller = forest_.tree_size(was.from) <= forest_.tree_size(was.to);
    const auto side = tree_of(g, from_smaller ? was.from : was.to, pending);
    std::optional<edge_id> youngest;
    for (const vertex_id v : side) {
      each_edge(g, v, [&](const edge& e, vertex_id other) {
        looked_at_ += look_steps;
        if (!side.contains(other) && (!youngest || *youngest < e.id)) youngest = e.id;
      });
    }
    if (!youngest) return std::nullopt;
    return g.edge_of(*youngest);
  }

  // All vertices of a tree: over its edges, which are found among the graph's.
  template <directed_graph G>
  std::unordered_set<vertex_id> tree_of(const G& g, vertex_id start, const std::multimap<vertex_id, edge>& pending) {
    std::unordered_set<vertex_id> met{start};
    std::vector<vertex_id> walk{start};
    const auto go = [&](const edge& e, vertex_id other) {
      looked_at_ += look_steps;
      if (forest_.has(e) && met.insert(other).second) walk.push_back(other);
    };
    for (std::size_t next = 0; next < walk.size(); ++next) {
      const vertex_id v = walk[next];
      each_edge(g, v, go);
      const auto [first, last] = pending.equal_range(v);
      for (auto at = first; at != last; ++at) go(at->second, at->second.from == v ? at->second.to : at->second.from);
    }
    return met;
  }

  // With the ends and the id of each, and no more.
  template <directed_graph G>
  static void each_edge(const G& g, vertex_id v, auto visit) {
    for (const neighbour n : g.out_edges(v)) visit(edge{n.edge, v, n.vertex, {}, 0}, n.vertex);
    for (const neighbour n : g.in_edges(v)) visit(edge{n.edge, n.vertex, v, {}, 0}, n.vertex);
  }

  spanning_forest forest_;
  work_limit limit_;
  std::uint64_t steps_before_ = 0;  // this change
  std::uint64_t looked_at_ = 0;     // steps for edges beside the forest's
  std::uint64_t done_ = 0;          // of the work of this change
  std::vector<vertex_id> touched_;
};

}  // namespace weir::graph
