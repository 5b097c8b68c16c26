#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <ranges>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "graph/concepts.hpp"
#include "graph/vertex_states.hpp"

namespace weir::graph {

/// Strongly connected components of a graph or a part of it, in one walk over its edges (Tarjan, *Depth-First Search
/// and Linear Graph Algorithms*, 1972), with a stack of its own in place of recursion. 8 bytes a vertex. Of one thread.
class strong_walk {
 public:
  /// Forgets that these were visited.
  void forget(std::span<const vertex_id> vertices) {
    for (const vertex_id v : vertices) visits_.at(v) = {};
  }

  /// Walks from each of some vertices that was not visited yet, along the edges before `end` to vertices of which
  /// `is_inside`, and calls `found` with the members of each component, a span that is good for the call.
  template <directed_graph G>
  void from(const G& g, const std::ranges::input_range auto& roots, edge_id end, auto is_inside, auto found) {
    std::vector<frame<G>> way;
    for (const vertex_id root : roots) {
      if (visits_[root].number == 0) open(g, root, way);
      walk(g, way, end, is_inside, found);
    }
  }

  /// Edges whose source was visited, so far.
  std::uint64_t edges_read() const { return edges_read_; }

 private:
  static constexpr std::uint32_t done = std::numeric_limits<std::uint32_t>::max();

  struct visit {
    std::uint32_t number = 0;  // in the order of visits, from 1; `done` when its component is known
    std::uint32_t least = 0;   // that it leads to
  };
  template <class G>
  struct frame {
    using list = std::decay_t<decltype(std::declval<const G&>().out_edges(vertex_id{}))>;
    vertex_id vertex{};
    list edges;
    std::ranges::iterator_t<const list> next{};
  };

  template <class G>
  void walk(const G& g, std::vector<frame<G>>& way, edge_id end, auto is_inside, auto found) {
    while (!way.empty()) {
      frame<G>& at = way.back();
      if (at.next == std::ranges::end(at.edges) || (*at.next).edge >= end) {
        close(way, found);
        continue;
      }
      const vertex_id w = (*at.next++).vertex;
      if (!is_inside(w)) continue;
      const std::uint32_t number = visits_[w].number;
      if (number == 0) {
        open(g, w, way);
      } else if (number != done) {
        visit& here = visits_.at(at.vertex);
        here.least = std::min(here.least, number);
      }
    }
  }

  template <class G>
  void open(const G& g, vertex_id v, std::vector<frame<G>>& way) {
    ++last_;
    visits_.at(v) = {last_, last_};
    unfinished_.push_back(v);
    way.push_back({v, g.out_edges(v)});
    way.back().next = std::ranges::begin(std::as_const(way.back().edges));
    edges_read_ += 1 + static_cast<std::uint64_t>(std::ranges::size(way.back().edges));
  }

  template <class G>
  void close(std::vector<frame<G>>& way, auto found) {
    const vertex_id v = way.back().vertex;
    const visit here = visits_[v];
    way.pop_back();
    if (!way.empty()) {
      visit& below = visits_.at(way.back().vertex);
      below.least = std::min(below.least, here.least);
    }
    if (here.least == here.number) finish(v, found);
  }

  void finish(vertex_id v, auto found) {
    auto first = unfinished_.end();
    do {
      visits_.at(*--first).number = done;
    } while (*first != v);
    found(std::span<const vertex_id>(first, unfinished_.end()));
    unfinished_.erase(first, unfinished_.end());
    if (unfinished_.empty()) last_ = 0;
  }

  vertex_states<visit> visits_;
  std::vector<vertex_id> unfinished_;
  std::uint32_t last_ = 0;
  std::uint64_t edges_read_ = 0;
};

}  // namespace weir::graph
