#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <ranges>
#include <span>
#include <utility>
#include <vector>

#include <boost/container/small_vector.hpp>

#include "graph/concepts.hpp"
#include "graph/vertex_states.hpp"

namespace weir::graph {

/// Which cycles count: so many edges, the last at most `within_us` after the first.
struct cycle_options {
  std::size_t length_min = 2;
  std::size_t length_max = 6;
  std::int64_t within_us = 0;
  /// Accepts edges of equal time in the stream's order; otherwise times strictly increase.
  bool in_order = false;
  /// Edges that one search looks at, at most.
  std::size_t steps_max = 1'000'000;
};

/// A cycle as a search shows it: its edges in order, each with the vertex that it leaves.
using cycle_view = std::span<const neighbour>;

/// What came of a search.
struct cycle_search {
  std::uint64_t found = 0;
  std::size_t steps = 0;
  /// The search ended at `steps_max`: there may be more cycles.
  bool truncated = false;
};

namespace detail {

/// The search behind find_cycles. Of one call.
template <class G, class Visit>
class cycle_walk {
 public:
  cycle_walk(const G& g, const edge& last, const cycle_options& options, Visit& visit)
      : g_(g), last_(last), options_(options), visit_(visit), leaving_(leaving(g, last, options)) {}

  cycle_search run() {
    path_.push_back({last_.from, last_.id});
    if (last_.from == last_.to) {
      if (options_.length_min <= 1 && options_.length_max >= 1) found();
    } else if (!std::ranges::empty(leaving_) && options_.length_max >= 2) {
      first_ = (*std::ranges::begin(leaving_)).edge;
      first_at_ = g_.at(first_);
      back(last_.from, last_.id, last_.at);
    }
    return result_;
  }

 private:
  static constexpr std::size_t few = 8;  // edges of a path that need no memory of their own

  static auto leaving(const G& g, const edge& last, const cycle_options& options) {
    return g.as_of(last.id, time_us{static_cast<std::int64_t>(last.at) - options.within_us}).out_edges(last.to);
  }

  // From `v` along edges that are earlier than the next one on the path.
  void back(vertex_id v, edge_id next, time_us next_at) {
    const auto coming = g_.in_edges(v);
    if (path_.size() + 1 < options_.length_max) {
      extend(coming, next, next_at);
    } else if (path_.size() + 1 < options_.length_min) {
      return;
    } else if (to_read(leaving_, next) < to_read(coming, next)) {
      close(leaving_, v, last_.to, next, next_at);
    } else {
      close(coming, last_.to, last_.to, next, next_at);
    }
  }

  // How many of a list may be in a cycle, and before the next edge on the path. Other than their number in the graph,
  // that does not depend on what came since.
  std::ptrdiff_t to_read(const auto& edges, edge_id next) const {
    return std::ranges::lower_bound(edges, next, {}, &neighbour::edge) -
           std::ranges::lower_bound(edges, first_, {}, &neighbour::edge);
  }

  void extend(const auto& coming, edge_id next, time_us next_at) {
    each_before(coming, next, next_at, [&](const neighbour& n) {
      if (n.vertex == last_.to) {
        if (path_.size() + 1 >= options_.length_min) found_with(n);
      } else if (std::ranges::find(path_, n.vertex, &neighbour::vertex) == path_.end()) {
        const time_us at = g_.at(n.edge);
        if (!options_.in_order && at <= first_at_) return;  // nothing that counts is before it
        path_.push_back(n);
        back(n.vertex, n.edge, at);
        path_.pop_back();
      }
    });
  }

  // The last step: those of a list that have `other` at their other end; they leave `from`.
  void close(const auto& edges, vertex_id other, vertex_id from, edge_id next, time_us next_at) {
    each_before(edges, next, next_at, [&](const neighbour& n) {
      if (n.vertex == other) found_with({from, n.edge});
    });
  }

  // The latest first. Those with the next one's time are met before all earlier ones.
  void each_before(const auto& edges, edge_id next, time_us next_at, auto take) {
    bool earlier = options_.in_order;
    const auto begin = std::ranges::begin(edges);
    for (auto at = std::ranges::lower_bound(edges, next, {}, &neighbour::edge); at != begin && !stopped_;) {
      const neighbour n = *--at;
      if (n.edge < first_ || !step()) return;
      if (!earlier && g_.at(n.edge) >= next_at) continue;
      earlier = true;
      take(n);
    }
  }

  bool step() {
    if (result_.steps == options_.steps_max) stopped_ = result_.truncated = true;
    if (!stopped_) ++result_.steps;
    return !stopped_;
  }

  void found_with(const neighbour& n) {
    path_.push_back(n);
    found();
    path_.pop_back();
  }

  void found() {
    ++result_.found;
    cycle_.assign(path_.rbegin(), path_.rend());
    if (!visit_(cycle_view(cycle_))) stopped_ = true;
  }

  const G& g_;
  const edge& last_;
  const cycle_options& options_;
  Visit& visit_;
  decltype(leaving(std::declval<const G&>(), {}, {})) leaving_;  // what leaves last.to as of it, within the time
  edge_id first_{};                                              // the first of these
  time_us first_at_{};
  boost::container::small_vector<neighbour, few> path_;  // from the last edge back
  std::vector<neighbour> cycle_;
  cycle_search result_;
  bool stopped_ = false;
};

}  // namespace detail

/// Calls `visit` for each temporal cycle whose last edge is `last`, as of that edge: v → … → u over edges before it,
/// and then u → v, along which times strictly increase and vertices are distinct. A self loop is a cycle of length 1.
/// Parallel edges make cycles of their own. `visit` takes a cycle_view and says whether to go on.
///
/// The search goes back from u by the latest edges first, no further than the first edge that leaves v within the time:
/// what lies before it can be in no such cycle. Exact unless `truncated`. Its time is that of the edges from there on
/// that lead to u in at most `length_max - 2` steps; the last step reads the shorter of two lists.
///
/// `G` has `as_of`, and holds `last` and what came within `within_us` before it.
template <directed_graph G, class Visit>
cycle_search find_cycles(const G& g, const edge& last, const cycle_options& options, Visit visit) {
  return detail::cycle_walk<G, Visit>(g, last, options, visit).run();
}

/// Whether any such cycle is there: the first that the search comes upon.
struct closed_cycle {
  std::vector<neighbour> edges;  // none if there is no cycle, or none was found before the search was truncated
  bool truncated = false;

  explicit operator bool() const { return !edges.empty(); }
};

template <directed_graph G>
closed_cycle find_cycle(const G& g, const edge& last, const cycle_options& options) {
  closed_cycle closed;
  const auto first = [&closed](cycle_view cycle) {
    closed.edges.assign(cycle.begin(), cycle.end());
    return false;
  };
  closed.truncated = find_cycles(g, last, options, first).truncated;
  return closed;
}

/// How many temporal cycles of the window go through each vertex. Exact, unless a search was truncated. `apply`
/// searches from each edge that came, and forgets the cycles whose first edge left; edges that are retracted take the
/// time of all cycles there are. Where more edges left than stay it starts afresh. Holds 16 bytes for each edge of each
/// cycle: at most what `steps_max` lets a search find.
class temporal_cycles {
 public:
  explicit temporal_cycles(cycle_options options) : options_(options) {}

  std::uint64_t operator[](vertex_id v) const { return through_[v]; }
  /// All cycles of the window.
  std::size_t size() const { return cycles_.size(); }
  /// Searches that were truncated so far.
  std::uint64_t truncated() const { return truncated_; }

  template <directed_graph G, edge_delta D>
  std::vector<vertex_id> apply(const G& g, const D& change) {
    if (change.expired().size() > g.edge_count() + few) {
      recompute_in_place(g);
    } else {
      for (const edge& e : change.expired()) forget_from(e.id);
      forget_with(change.retracted());
      for (const edge& e : change.inserted()) remember(g, e);
    }
    return through_.take_changed();
  }

  template <directed_graph G>
  void recompute(const G& g) {
    truncated_ = 0;
    recompute_in_place(g);
    through_.take_changed();
  }

  template <directed_graph G>
  bool verify(const G& g) const {
    temporal_cycles afresh(options_);
    afresh.recompute(g);
    return afresh.through_ == through_ && afresh.cycles_.size() == cycles_.size();
  }

 private:
  using cycle = std::vector<neighbour>;
  using by_first_edge = std::multimap<edge_id, cycle>;
  static constexpr std::size_t few = 16;

  template <class G>
  void recompute_in_place(const G& g) {
    cycles_.clear();
    for (std::size_t i = 0; i < through_.size(); ++i) {
      const vertex_id v{static_cast<std::uint32_t>(i)};
      if (through_[v] != 0) through_.touch(v) = 0;
    }
    for (const edge& e : g.edges()) remember(g, e);
  }

  template <class G>
  void remember(const G& g, const edge& last) {
    const auto keep = [this](cycle_view found) {
      for (const neighbour& n : found) count(n.vertex, 1);
      cycles_.emplace(found.front().edge, cycle(found.begin(), found.end()));
      return true;
    };
    if (find_cycles(g, last, options_, keep).truncated) ++truncated_;
  }
  by_first_edge::iterator forget(by_first_edge::iterator at) {
    for (const neighbour& n : at->second) count(n.vertex, -1);
    return cycles_.erase(at);
  }
  void forget_from(edge_id first) {
    for (auto at = cycles_.find(first); at != cycles_.end() && at->first == first;) at = forget(at);
  }
  void forget_with(const auto& edges) {
    if (std::ranges::empty(edges)) return;
    const auto is_gone = [&](const neighbour& n) { return std::ranges::binary_search(edges, n.edge, {}, &edge::id); };
    for (auto at = cycles_.begin(); at != cycles_.end();) {
      at = std::ranges::any_of(at->second, is_gone) ? forget(at) : std::next(at);
    }
  }
  void count(vertex_id v, int by) { through_.touch(v) += static_cast<std::uint64_t>(static_cast<std::int64_t>(by)); }

  cycle_options options_;
  by_first_edge cycles_;
  tracked_states<std::uint64_t> through_;
  std::uint64_t truncated_ = 0;
};

}  // namespace weir::graph
