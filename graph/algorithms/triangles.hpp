#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

#include "graph/concepts.hpp"
#include "graph/pair_counts.hpp"
#include "graph/simple_reader.hpp"
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
/// don't count. Exact.
///
/// `apply` looks, for each pair that gets its first edge or loses its last, at the edges of the one of the two that has
/// fewer: whether the other one, the hub, has an edge with who is at their ends. That is looked up in the counts of
/// pairs; or, where a hub has many such pairs in a change, or not many edges, among marks, which its edges set once for
/// all of them. A change of more than an eighth of the graph starts afresh. Some 20 bytes for each pair with edges.
class triangles {
 public:
  const clustering& operator[](vertex_id v) const { return of_[v]; }
  /// All triangles of the graph.
  std::uint64_t count() const { return count_; }

  template <directed_graph G, edge_delta D>
  std::vector<vertex_id> apply(const G& g, const D& change) {
    if (size_of_change(change) > g.edge_count() / 8 + few) {
      recompute_in_place(g);
      return of_.take_changed();
    }
    part(g, change);
    join(g, change);
    return of_.take_changed();
  }

  template <directed_graph G>
  void recompute(const G& g) {
    recompute_in_place(g);
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
  // Looking a pair up takes as long as marking so many edges.
  static constexpr std::uint64_t look_up_cost = 16;

  /// Two vertices that get their first edge or lose their last, and how many come or go. The hub has not fewer edges.
  struct changed_pair {
    vertex_id hub{};
    vertex_id other{};
    std::uint32_t edges = 1;
  };
  /// One of its directions.
  struct beside {
    vertex_id vertex{};
    vertex_id other{};
  };

  std::uint32_t edges_of(vertex_id a, vertex_id b) const { return pairs_.of(std::min(a, b), std::max(a, b)); }
  void add(const changed_pair& p) { pairs_.add(std::min(p.hub, p.other), std::max(p.hub, p.other), p.edges); }
  void take(const changed_pair& p) { pairs_.take(std::min(p.hub, p.other), std::max(p.hub, p.other), p.edges); }

  // First what left, from the graph without what came, pair by pair. What is yet to go is not among the graph's edges.
  template <directed_graph G, edge_delta D>
  void part(const G& g, const D& change) {
    std::vector<changed_pair> parted;
    for (const changed_pair& p : pairs_of(change.expired(), change.retracted())) {
      edges_of(p.hub, p.other) == p.edges ? parted.push_back(p) : take(p);
    }
    each_hub(g, first_new(change), parted, [&](const changed_pair& p, auto count) {
      take(p);
      degrees(p, -1);
      mark(p.other, 0);
      count(-1);
    });
  }
  // Then what came, pair by pair, from the graph as it was and those before.
  template <directed_graph G, edge_delta D>
  void join(const G& g, const D& change) {
    std::vector<changed_pair> joined;
    for (const changed_pair& p : pairs_of(change.inserted(), std::vector<edge>{})) {
      edges_of(p.hub, p.other) == 0 ? joined.push_back(p) : add(p);
    }
    each_hub(g, first_new(change), joined, [&](const changed_pair& p, auto count) {
      count(1);
      add(p);
      degrees(p, 1);
      mark(p.other, hub_);
    });
  }

  // By hub, and each once.
  std::vector<changed_pair> pairs_of(const auto& some, const auto& more) const {
    std::vector<changed_pair> pairs;
    const auto note = [&](const auto& edges) {
      for (const edge& e : edges) {
        if (e.from == e.to) continue;
        const auto rank = [this](vertex_id v) { return std::pair(of_[v].degree, v); };
        rank(e.from) < rank(e.to) ? pairs.push_back({e.to, e.from}) : pairs.push_back({e.from, e.to});
      }
    };
    note(some);
    note(more);
    std::ranges::sort(pairs, {}, [](const changed_pair& p) { return std::pair(p.hub, p.other); });
    std::size_t kept = 0;
    for (const changed_pair& p : pairs) {
      if (kept > 0 && pairs[kept - 1].hub == p.hub && pairs[kept - 1].other == p.other) {
        ++pairs[kept - 1].edges;
      } else {
        pairs[kept++] = p;
      }
    }
    pairs.resize(kept);
    return pairs;
  }

  // `change` does to each pair what it does, and has its triangles counted when the pair itself is not in the graph.
  template <directed_graph G>
  void each_hub(const G& g, edge_id end, const std::vector<changed_pair>& pairs, auto change) {
    note_beside(pairs);
    for (std::size_t first = 0, last = 0; first < pairs.size(); first = last) {
      const vertex_id hub = pairs[first].hub;
      std::uint64_t to_look_up = 0;
      for (; last < pairs.size() && pairs[last].hub == hub; ++last) to_look_up += of_[pairs[last].other].degree;
      const bool marked = of_[hub].degree <= to_look_up * look_up_cost;
      if (++hub_ == 0) clear_marks();
      if (marked) mark_neighbours(g, end, hub);
      for (std::size_t i = first; i < last; ++i) {
        const changed_pair& p = pairs[i];
        change(p, [&](int by) { marked ? count_marked(g, end, p, by) : count_looked_up(g, end, p, by); });
      }
    }
  }
  void note_beside(const std::vector<changed_pair>& pairs) {
    beside_.clear();
    for (const changed_pair& p : pairs) {
      beside_.push_back({p.hub, p.other});
      beside_.push_back({p.other, p.hub});
    }
    std::ranges::sort(beside_, {}, &beside::vertex);
  }

  void mark(vertex_id v, std::uint32_t as) { marks_.at(v) = as; }
  void clear_marks() {
    marks_.clear();
    hub_ = 1;
  }
  template <directed_graph G>
  void mark_neighbours(const G& g, edge_id end, vertex_id hub) {
    each_neighbour(g, end, hub, [this](vertex_id w) { mark(w, hub_); });
    mark(hub, 0);
  }

  // Of parallel edges each is shown. Of changed pairs, those that are in the graph at this moment.
  template <directed_graph G>
  void each_neighbour(const G& g, edge_id end, vertex_id v, auto visit) const {
    const auto look = [&](const auto& edges) {
      for (const neighbour n : edges) {
        if (n.edge >= end) break;
        visit(n.vertex);
      }
    };
    look(g.out_edges(v));
    look(g.in_edges(v));
    for (const beside& b : std::ranges::equal_range(beside_, v, {}, &beside::vertex)) {
      if (edges_of(v, b.other) > 0) visit(b.other);
    }
  }

  // A triangle for each vertex that has an edge with both.
  template <directed_graph G>
  void count_marked(const G& g, edge_id end, const changed_pair& p, int by) {
    ++walk_;
    std::uint32_t found = 0;
    each_neighbour(g, end, p.other, [&](vertex_id w) {
      if (marks_[w] == hub_ && std::exchange(met_.at(w), walk_) != walk_) count_third(w, found, by);
    });
    count_both(p, found, by);
  }
  template <directed_graph G>
  void count_looked_up(const G& g, edge_id end, const changed_pair& p, int by) {
    ++walk_;
    std::uint32_t found = 0;
    each_neighbour(g, end, p.other, [&](vertex_id w) {
      if (w == p.other || w == p.hub || std::exchange(met_.at(w), walk_) == walk_) return;
      if (edges_of(p.hub, w) > 0) count_third(w, found, by);
    });
    count_both(p, found, by);
  }
  void count_third(vertex_id w, std::uint32_t& found, int by) {
    change_by(of_.touch(w).triangles, by);
    ++found;
  }
  void count_both(const changed_pair& p, std::uint32_t found, int by) {
    const std::int64_t all = std::int64_t{by} * found;
    for (const vertex_id v : {p.hub, p.other}) change_by(of_.touch(v).triangles, all);
    change_by(count_, all);
  }

  static void change_by(auto& of, std::int64_t by) { of += static_cast<std::decay_t<decltype(of)>>(by); }
  void degrees(const changed_pair& p, int by) {
    for (const vertex_id v : {p.hub, p.other}) change_by(of_.touch(v).degree, by);
  }

  template <directed_graph G>
  void recompute_in_place(const G& g) {
    pairs_ = {};
    pairs_.reserve(g.edge_count());
    std::vector<beside> simple;
    std::vector<clustering> afresh(g.vertex_count());
    for (const edge& e : g.edges()) {
      if (e.from == e.to || pairs_.add(std::min(e.from, e.to), std::max(e.from, e.to)) > 1) continue;
      simple.push_back({e.from, e.to});
      for (const vertex_id v : {e.from, e.to}) ++afresh[static_cast<std::size_t>(v)].degree;
    }
    count_oriented(simple, afresh);
    for (std::size_t i = 0; i < std::max(afresh.size(), of_.size()); ++i) {
      const vertex_id v{static_cast<std::uint32_t>(i)};
      const clustering now = i < afresh.size() ? afresh[i] : clustering{};
      if (!(of_[v] == now)) of_.touch(v) = now;
    }
  }

  // Each edge leads to its end with more edges: so lists are short, and each triangle is met at its first vertex only.
  void count_oriented(const std::vector<beside>& simple, std::vector<clustering>& of) {
    const auto before = [&](vertex_id a, vertex_id b) {
      return std::pair(of[static_cast<std::size_t>(a)].degree, a) <
             std::pair(of[static_cast<std::size_t>(b)].degree, b);
    };
    std::vector<std::uint64_t> first(of.size() + 2);
    for (const auto& [a, b] : simple) ++first[static_cast<std::size_t>(before(a, b) ? a : b) + 2];
    for (std::size_t i = 2; i < first.size(); ++i) first[i] += first[i - 1];
    std::vector<vertex_id> rows(simple.size());
    for (const auto& [a, b] : simple) {
      const auto [low, high] = before(a, b) ? std::pair(a, b) : std::pair(b, a);
      rows[first[static_cast<std::size_t>(low) + 1]++] = high;
    }
    std::vector<std::uint32_t> marked(of.size(), 0);
    count_ = 0;
    for (std::size_t u = 0; u < of.size(); ++u) count_ += count_first(u, first, rows, marked, of);
  }
  // The triangles that are met at `u`.
  static std::uint64_t count_first(std::size_t u, const std::vector<std::uint64_t>& first,
                                   const std::vector<vertex_id>& rows, std::vector<std::uint32_t>& marked,
                                   std::vector<clustering>& of) {
    const auto mark = static_cast<std::uint32_t>(u) + 1;
    for (std::uint64_t i = first[u]; i < first[u + 1]; ++i) marked[static_cast<std::size_t>(rows[i])] = mark;
    std::uint64_t all = 0;
    for (std::uint64_t i = first[u]; i < first[u + 1]; ++i) {
      const auto v = static_cast<std::size_t>(rows[i]);
      std::uint64_t found = 0;
      for (std::uint64_t k = first[v]; k < first[v + 1]; ++k) {
        const auto w = static_cast<std::size_t>(rows[k]);
        if (marked[w] != mark) continue;
        ++of[w].triangles;
        ++found;
      }
      of[v].triangles += found;
      all += found;
    }
    of[u].triangles += all;
    return all;
  }

  pair_counts pairs_;  // by the lesser vertex first
  tracked_states<clustering> of_;
  std::uint64_t count_ = 0;
  std::vector<beside> beside_;          // the pairs that change, from both sides
  vertex_states<std::uint32_t> marks_;  // of which hub a vertex is a neighbour
  std::uint32_t hub_ = 0;               // the one whose marks are set
  vertex_states<std::uint64_t> met_;    // in which walk a vertex was met last
  std::uint64_t walk_ = 0;
};

}  // namespace weir::graph
