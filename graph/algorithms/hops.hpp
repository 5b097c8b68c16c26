#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "graph/concepts.hpp"
#include "graph/vertex_states.hpp"

namespace weir::graph {

/// From where, along which edges, and how far.
struct hops_options {
  std::vector<vertex_id> sources;
  edge_side along = edge_side::out;
  std::uint32_t at_most = 4;
};

/// How many edges the shortest way from any of some sources takes to each vertex, up to a limit; a source's own number
/// is 0. Exact.
///
/// `apply`: a vertex whose last edge from the level below left gives its number up, and so do those that hang on it,
/// level by level; then they, and who is nearer by a new edge, get the least that their edges offer. Takes the edges of
/// these vertices, most often none; when it has looked at as many edges as the graph has, or the change is half of it,
/// it starts afresh instead.
class hops {
 public:
  explicit hops(hops_options options) : options_(std::move(options)) { set_sources(); }

  /// Nothing for who is not reached.
  const std::optional<std::uint32_t>& operator[](vertex_id v) const { return hops_[v]; }

  template <directed_graph G, edge_delta D>
  std::vector<vertex_id> apply(const G& g, const D& change) {
    if (size_of_change(change) > g.edge_count() / 2 + few) {
      recompute_in_place(g);
      return hops_.take_changed();
    }
    steps_left_ = static_cast<std::int64_t>(g.edge_count() + g.vertex_count());
    levels lost(depth(g) + 1);
    each_step(change.expired(), [&](vertex_id from, vertex_id to) { note_lost(from, to, lost); });
    each_step(change.retracted(), [&](vertex_id from, vertex_id to) { note_lost(from, to, lost); });
    levels found(depth(g) + 1);
    give_up(g, lost, found);
    each_step(change.inserted(), [&](vertex_id from, vertex_id to) { note_found(from, to, found); });
    take_least(g, found);
    if (steps_left_ < 0) recompute_in_place(g);
    return hops_.take_changed();
  }

  template <directed_graph G>
  void recompute(const G& g) {
    *this = hops(std::move(options_));
    recompute_in_place(g);
    hops_.take_changed();
  }

  template <directed_graph G>
  bool verify(const G& g) const {
    hops afresh(options_);
    afresh.recompute(g);
    return afresh.hops_ == hops_;
  }

 private:
  static constexpr std::size_t few = 16;
  using levels = std::vector<std::vector<vertex_id>>;  // by number of hops

  // No shortest way has as many edges as there are vertices.
  template <directed_graph G>
  std::size_t depth(const G& g) const {
    return std::min<std::size_t>(options_.at_most, g.vertex_count());
  }

  void set_sources() {
    for (const vertex_id v : options_.sources) hops_.touch(v) = 0;
    hops_.take_changed();
  }

  // What an edge lets one reach from where.
  void each_step(const auto& edges, auto visit) const {
    for (const edge& e : edges) {
      if (options_.along != edge_side::in) visit(e.from, e.to);
      if (options_.along != edge_side::out) visit(e.to, e.from);
    }
  }
  template <directed_graph G>
  void each_next(const G& g, vertex_id v, auto visit) {
    walk(g, v, options_.along != edge_side::in, options_.along != edge_side::out, visit);
  }
  template <directed_graph G>
  void each_before(const G& g, vertex_id v, auto visit) {
    walk(g, v, options_.along != edge_side::out, options_.along != edge_side::in, visit);
  }
  // `visit` says whether to go on.
  template <directed_graph G>
  void walk(const G& g, vertex_id v, bool out, bool in, auto visit) {
    const auto all = [&](const auto& edges) {
      for (const neighbour n : edges) {
        --steps_left_;
        if (!visit(n.vertex)) return false;
      }
      return true;
    };
    if (out && !all(g.out_edges(v))) return;
    if (in) all(g.in_edges(v));
  }

  bool is_after(vertex_id from, vertex_id to) const {
    return hops_[from] && hops_[to] && *hops_[to] == *hops_[from] + 1;
  }

  void note_lost(vertex_id from, vertex_id to, levels& lost) const {
    if (is_after(from, to)) lost[*hops_[to]].push_back(to);
  }
  // Offers `to` one more than `from` has.
  void note_found(vertex_id from, vertex_id to, levels& found) const {
    if (!hops_[from] || *hops_[from] >= options_.at_most) return;
    const std::uint32_t offered = *hops_[from] + 1;
    if (!hops_[to] || *hops_[to] > offered) found[offered].push_back(to);
  }

  // Level by level, so that who is held by the level below stays held by it. Who gave up is offered what is left to it.
  template <directed_graph G>
  void give_up(const G& g, levels& lost, levels& found) {
    std::vector<vertex_id> without;
    for (std::uint32_t level = 1; level < lost.size(); ++level) {
      for (std::size_t i = 0; i < lost[level].size() && steps_left_ >= 0; ++i) {
        const vertex_id v = lost[level][i];
        if (hops_[v] != level || is_held(g, v)) continue;
        each_next(g, v, [&](vertex_id next) {
          if (is_after(v, next)) lost[level + 1].push_back(next);
          return true;
        });
        hops_.touch(v).reset();
        without.push_back(v);
      }
    }
    for (const vertex_id v : without) {
      each_before(g, v, [&](vertex_id before) {
        note_found(before, v, found);
        return steps_left_ >= 0;
      });
    }
  }

  template <directed_graph G>
  bool is_held(const G& g, vertex_id v) {
    bool held = false;
    each_before(g, v, [&](vertex_id before) {
      held = is_after(before, v);
      return !held;
    });
    return held;
  }

  template <directed_graph G>
  void take_least(const G& g, levels& found) {
    for (std::uint32_t level = 1; level < found.size(); ++level) {
      for (std::size_t i = 0; i < found[level].size() && steps_left_ >= 0; ++i) {
        const vertex_id v = found[level][i];
        if (hops_[v] && *hops_[v] <= level) continue;
        hops_.touch(v) = level;
        each_next(g, v, [&](vertex_id next) {
          note_found(v, next, found);
          return true;
        });
      }
    }
  }

  template <directed_graph G>
  void recompute_in_place(const G& g) {
    for (std::size_t i = 0; i < hops_.size(); ++i) {
      const vertex_id v{static_cast<std::uint32_t>(i)};
      if (hops_[v] && *hops_[v] > 0) hops_.touch(v).reset();
    }
    steps_left_ = INT64_MAX;
    levels found(depth(g) + 1);
    for (const vertex_id source : options_.sources) {
      each_next(g, source, [&](vertex_id next) {
        note_found(source, next, found);
        return true;
      });
    }
    take_least(g, found);
  }

  hops_options options_;
  tracked_states<std::optional<std::uint32_t>> hops_;
  std::int64_t steps_left_ = 0;
};

}  // namespace weir::graph
