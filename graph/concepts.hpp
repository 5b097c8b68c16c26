#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <ranges>

namespace weir::graph {

/// A vertex: dense from zero, its own type so that it is not taken for another number. 2^32 - 1 is no vertex.
enum class vertex_id : std::uint32_t {};

/// Microseconds since 1970. The graph depends on nothing else in Weir, so it brings its own word for time.
enum class time_us : std::int64_t {};

/// An edge's place in the order of the stream, from zero. Never given twice, so that it names the edge for ever.
enum class edge_id : std::uint64_t {};

/// One edge as the stream brings it: from, to, when, and its weight in integer minor units, so that sums don't drift.
struct edge_event {
  vertex_id from{};
  vertex_id to{};
  time_us at{};
  std::int64_t weight = 0;

  friend bool operator==(const edge_event&, const edge_event&) = default;
};

/// An edge of a graph: what the stream brought, and its place in the order.
struct edge {
  edge_id id{};
  vertex_id from{};
  vertex_id to{};
  time_us at{};
  std::int64_t weight = 0;

  friend bool operator==(const edge&, const edge&) = default;
};

/// What a vertex knows of one of its edges: who is at the other end, and which edge it is.
struct neighbour {
  vertex_id vertex{};
  edge_id edge{};

  friend bool operator==(const neighbour&, const neighbour&) = default;
};

/// Which edges of a vertex: those that leave it, those that come, or all.
enum class edge_side : std::uint8_t { out, in, either };

template <class R, class T>
concept forward_range_of = std::ranges::forward_range<R> && std::convertible_to<std::ranges::range_reference_t<R>, T>;

template <class R, class T>
concept bidirectional_range_of = std::ranges::bidirectional_range<R> && forward_range_of<R, T>;

/// A directed multigraph over time, after NWGraph's adjacency-list concepts: what an algorithm may ask of any store.
/// Parallel edges and self loops are edges. All ranges are in the order of the stream, which is also that of time.
template <class G>
concept directed_graph = requires(const G& g, vertex_id v, edge_id e) {
  { g.vertex_count() } -> std::convertible_to<std::size_t>;
  { g.edge_count() } -> std::convertible_to<std::size_t>;
  { g.edges() } -> forward_range_of<edge>;
  { g.out_edges(v) } -> bidirectional_range_of<neighbour>;
  { g.in_edges(v) } -> bidirectional_range_of<neighbour>;
  { g.edge_of(e) } -> std::convertible_to<edge>;
  { g.at(e) } -> std::same_as<time_us>;
  { g.weight(e) } -> std::convertible_to<std::int64_t>;
};

/// What a micro-batch changed in a graph, each list in the order of the stream. An edge is in at most one of them: what
/// came and left with the same batch is told of nowhere.
template <class D>
concept edge_delta = requires(const D& d) {
  { d.inserted() } -> forward_range_of<edge>;
  { d.expired() } -> forward_range_of<edge>;
  { d.retracted() } -> forward_range_of<edge>;
};

/// State of every vertex that is kept up to date by each micro-batch. `apply` takes a change, with the graph as it is
/// after it, in time proportional to the change, and gives the vertices whose state is another now; `recompute` starts
/// afresh; `verify` says whether the state is what `recompute` would give.
template <class A, class G, class D>
concept incremental = directed_graph<G> && edge_delta<D> && requires(A a, const A& c, const G& g, const D& d) {
  { a.apply(g, d) } -> std::ranges::input_range;
  { a.recompute(g) };
  { c.verify(g) } -> std::same_as<bool>;
};

}  // namespace weir::graph
