#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <ranges>
#include <span>

#include "graph/adjacency.hpp"
#include "graph/concepts.hpp"
#include "graph/delta.hpp"
#include "graph/edge_log.hpp"
#include "graph/memory/span_pool.hpp"
#include "graph/ring.hpp"

namespace weir::graph {

class as_of_view;

/// Edges one after the other.
using edge_range = std::ranges::subrange<edge_log::iterator>;

struct store_options {
  /// Microseconds for which an edge stays: one that is exactly so old is in.
  std::int64_t keep_us = 0;
};

/// A windowed, temporal multigraph: the edges of a stream that are not older than `keep`, by vertex and in order.
/// Parallel edges and self loops are edges. Vertices are dense ids that its user gives; there is nothing to declare.
///
/// An edge costs 16 bytes in the log, 8 in each of its vertices' rings and what rings keep free, and each vertex 32:
/// about 37 bytes an edge where vertices have 14. Inserting and expiring take constant time, amortised: a ring that
/// grows is copied. Of one thread; as many as like may read between two changes.
class store {
 public:
  explicit store(store_options options);

  /// Adds the edges of the next micro-batch, takes back those that `retracted` names, and forgets what is older than
  /// `now - keep`. Says what changed; that is good until the next call.
  ///
  /// Edges come in the order of the stream: none is older than one before it. `now` never goes back, and may be before
  /// the newest edge, for who wants to read as of the batch's first event. An edge of this very batch has the id
  /// `next_edge() + i`. An id to be retracted that is not in the window is passed over.
  ///
  /// Throws std::bad_alloc, or std::length_error when the window would have 2^32 edges, one vertex 2^30 or all rings
  /// 32 GiB; the store is of no use then.
  const delta& apply(std::span<const edge_event> edges, time_us now, std::span<const edge_id> retracted = {});

  /// One more than the greatest vertex id seen so far.
  std::size_t vertex_count() const { return adjacency_.vertex_count(); }
  /// Edges in the window.
  std::size_t edge_count() const { return log_.size(); }
  /// All of them, in the order of the stream.
  edge_range edges() const { return edges(log_.first(), log_.end()); }

  /// The edges of a vertex, in the order of the stream, each with the other end and the edge's id: random access,
  /// sized. A vertex never seen has none. Good until the graph changes.
  ring_view out_edges(vertex_id v) const { return adjacency_.edges(v, direction::out, log_.first()); }
  ring_view in_edges(vertex_id v) const { return adjacency_.edges(v, direction::in, log_.first()); }
  std::size_t out_degree(vertex_id v) const { return out_edges(v).size(); }
  std::size_t in_degree(vertex_id v) const { return in_edges(v).size(); }

  /// Asks for the memory that `out_edges` and `in_edges` of a vertex read.
  void fetch(vertex_id v) const { adjacency_.fetch(v); }

  /// Whether an edge is in the window.
  bool contains(edge_id e) const { return log_.contains(e); }
  /// What is known of an edge that is in the window; `at` and `weight` alone read less.
  edge edge_of(edge_id e) const { return log_[e]; }
  time_us at(edge_id e) const { return log_.at(e); }
  std::int64_t weight(edge_id e) const { return log_.weight(e); }

  /// The id that the next edge will have.
  edge_id next_edge() const { return log_.end(); }
  /// The first edge of the window that is not older than `oldest`, retracted or not; `next_edge()` if there is none.
  edge_id first_since(time_us oldest) const { return log_.first_since(oldest); }

  /// The graph at one place of the stream's order: with the edges up to and with `last`, none older than `oldest`. What
  /// has left the window, and what was retracted since, is not in it.
  as_of_view as_of(edge_id last, time_us oldest) const;
  /// The edges of the window from `first` on, up to but without `end`.
  as_of_view between(edge_id first, edge_id end) const;

  /// Another number after each change.
  std::uint64_t version() const { return version_; }
  std::int64_t keep_us() const { return options_.keep_us; }
  /// All memory that is held.
  std::size_t bytes() const { return spans_->bytes() + log_.bytes() + adjacency_.bytes(); }

 private:
  friend class as_of_view;

  edge_range edges(edge_id first, edge_id end) const {
    return {edge_log::iterator(log_, first, end), edge_log::iterator(log_, end, end)};
  }
  void insert(std::span<const edge_event> edges);
  void retract(std::span<const edge_id> retracted, edge_id first_new);
  void expire(edge_id end, edge_id first_new);

  store_options options_;
  std::unique_ptr<span_pool> spans_;  // where it is does not change when the store is moved
  edge_log log_;
  adjacency adjacency_;
  delta changed_;
  std::uint64_t version_ = 0;
};
static_assert(directed_graph<store>);

/// A store's graph at one place of the order: see `store::as_of`. Good until the graph changes; cheap to copy. Reading
/// a vertex takes the logarithm of its degree more than in the store.
class as_of_view {
 public:
  std::size_t vertex_count() const { return store_->vertex_count(); }
  /// Takes time for each edge.
  std::size_t edge_count() const { return static_cast<std::size_t>(std::ranges::distance(edges())); }
  edge_range edges() const { return store_->edges(first_, end_); }
  ring_view out_edges(vertex_id v) const { return cut(store_->out_edges(v)); }
  ring_view in_edges(vertex_id v) const { return cut(store_->in_edges(v)); }
  std::size_t out_degree(vertex_id v) const { return out_edges(v).size(); }
  std::size_t in_degree(vertex_id v) const { return in_edges(v).size(); }
  bool contains(edge_id e) const { return e >= first_ && e < end_ && store_->contains(e); }
  edge edge_of(edge_id e) const { return store_->edge_of(e); }
  time_us at(edge_id e) const { return store_->at(e); }
  std::int64_t weight(edge_id e) const { return store_->weight(e); }

 private:
  friend class store;
  as_of_view(const store& of, edge_id first, edge_id end) : store_(&of), first_(first), end_(end) {}

  ring_view cut(const ring_view& all) const { return all.part(all.count_before(first_), all.count_before(end_)); }

  const store* store_;
  edge_id first_;
  edge_id end_;
};
static_assert(directed_graph<as_of_view>);

}  // namespace weir::graph
