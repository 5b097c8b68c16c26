#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "graph/concepts.hpp"
#include "graph/pair_counts.hpp"
#include "graph/vertex_states.hpp"

namespace weir::graph {

/// How many distinct vertices a vertex has an edge from, and to. With a self loop it is one of its own.
struct fan {
  std::uint32_t in = 0;
  std::uint32_t out = 0;

  friend bool operator==(const fan&, const fan&) = default;
};

/// The distinct counterparts of every vertex. Exact. `apply` takes constant time for each edge of the change, and
/// starts afresh where these are more than the graph has; the count of parallel edges takes some 20 bytes for
/// each pair of vertices that has any.
class fans {
 public:
  const fan& operator[](vertex_id v) const { return fans_[v]; }
  /// The parallel edges of each pair.
  const pair_counts& pairs() const { return pairs_; }

  template <directed_graph G, edge_delta D>
  std::vector<vertex_id> apply(const G& g, const D& change) {
    if (size_of_change(change) > g.edge_count() + few) {
      const vertex_states<fan> before = std::exchange(fans_, {});
      recompute(g);
      return fans_.differing_from(before);
    }
    return fans_.changed_by(ends_of(change), [&] {
      for (const edge& e : change.inserted()) add(e);
      for (const edge& e : change.expired()) take(e);
      for (const edge& e : change.retracted()) take(e);
    });
  }

  template <directed_graph G>
  void recompute(const G& g) {
    *this = fans{};
    for (const edge& e : g.edges()) add(e);
  }

  template <directed_graph G>
  bool verify(const G& g) const {
    fans afresh;
    afresh.recompute(g);
    return afresh.fans_ == fans_ && afresh.pairs_ == pairs_;
  }

 private:
  static constexpr std::size_t few = 16;

  void add(const edge& e) {
    if (pairs_.add(e.from, e.to) > 1) return;
    ++fans_.at(e.from).out;
    ++fans_.at(e.to).in;
  }
  void take(const edge& e) {
    if (pairs_.take(e.from, e.to) > 0) return;
    --fans_.at(e.from).out;
    --fans_.at(e.to).in;
  }

  pair_counts pairs_;
  vertex_states<fan> fans_;
};

}  // namespace weir::graph
