#pragma once

#include <concepts>
#include <cstdint>
#include <ranges>

namespace weir::graph {

/// A vertex: dense from zero, its own type so that it is not taken for another number.
enum class vertex_id : std::uint32_t {};

/// Microseconds since 1970. The graph depends on nothing else in Weir, so it brings its own word for time.
enum class time_us : std::int64_t {};

/// One edge as the stream brings it: from, to, when, and its weight in integer minor units, so that sums don't drift.
struct edge_event {
  vertex_id from{};
  vertex_id to{};
  time_us at{};
  std::int64_t weight = 0;

  friend bool operator==(const edge_event&, const edge_event&) = default;
};

/// A directed multigraph whose vertices and edges can be walked, after NWGraph's adjacency-list concepts: what an
/// algorithm may ask of any store.
template <class G>
concept directed_graph = requires(const G& g, vertex_id v) {
  { g.vertex_count() } -> std::convertible_to<std::size_t>;
  { g.out_edges(v) } -> std::ranges::forward_range;
  { g.in_edges(v) } -> std::ranges::forward_range;
  { *std::ranges::begin(g.out_edges(v)) } -> std::convertible_to<edge_event>;
  { *std::ranges::begin(g.in_edges(v)) } -> std::convertible_to<edge_event>;
};

/// What a micro-batch changed in a graph: the edges that came and those that left, each in the order of the stream.
template <class D>
concept edge_delta = requires(const D& d) {
  { d.inserted() } -> std::ranges::forward_range;
  { d.expired() } -> std::ranges::forward_range;
};

/// State of every vertex that is kept up to date by each micro-batch. `apply` takes a change in time proportional to
/// it and gives the vertices whose state is another now; `recompute` starts afresh; `verify` says whether the state is
/// what `recompute` would give.
template <class A, class G, class D>
concept incremental = directed_graph<G> && edge_delta<D> && requires(A a, const A& c, const G& g, const D& d) {
  { a.apply(g, d) } -> std::ranges::input_range;
  { a.recompute(g) };
  { c.verify(g) } -> std::same_as<bool>;
};

}  // namespace weir::graph
