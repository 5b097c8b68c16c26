#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <utility>

#include <boost/graph/graph_traits.hpp>
#include <boost/graph/properties.hpp>
#include <boost/iterator/iterator_facade.hpp>
#include <boost/property_map/property_map.hpp>

#include "graph/concepts.hpp"
#include "graph/store.hpp"

/// The Boost Graph Library's words for a store, for the store as of an event, and for either without directions: its
/// algorithms run on them as they are. They model VertexListGraph, EdgeListGraph, IncidenceGraph, BidirectionalGraph
/// and AdjacencyGraph; `undirected_view` the same but for BidirectionalGraph's direction. Parallel edges and self loops
/// are edges there too.
///
/// Property maps, all to be read only: `boost::vertex_index` (a vertex's id), `boost::edge_weight` (integer minor
/// units), `weir::graph::edge_time` (microseconds).
namespace weir::graph {

/// A graph without directions, for what asks for one (connected_components): each edge stands at both of its ends, a
/// self loop twice at its one. Reads the graph that it was made from.
template <directed_graph G>
class undirected_view {
 public:
  explicit undirected_view(const G& g) : g_(&g) {}
  const G& directed() const { return *g_; }

 private:
  const G* g_;
};

/// The tag of the property map that says when an edge was.
enum edge_time_t { edge_time };

namespace bgl {

/// An edge as seen from one of its ends.
struct edge_descriptor {
  vertex_id source{};
  vertex_id target{};
  edge_id id{};

  friend bool operator==(const edge_descriptor& a, const edge_descriptor& b) { return a.id == b.id; }
  friend auto operator<=>(const edge_descriptor& a, const edge_descriptor& b) { return a.id <=> b.id; }
};

class vertex_iterator
    : public boost::iterator_facade<vertex_iterator, vertex_id, boost::random_access_traversal_tag, vertex_id> {
 public:
  vertex_iterator() = default;
  explicit vertex_iterator(std::size_t v) : v_(static_cast<std::int64_t>(v)) {}

 private:
  friend class boost::iterator_core_access;
  vertex_id dereference() const { return vertex_id{static_cast<std::uint32_t>(v_)}; }
  bool equal(const vertex_iterator& other) const { return v_ == other.v_; }
  void increment() { ++v_; }
  void decrement() { --v_; }
  void advance(std::ptrdiff_t n) { v_ += n; }
  std::ptrdiff_t distance_to(const vertex_iterator& other) const { return other.v_ - v_; }

  std::int64_t v_ = 0;
};

/// The edges of a vertex: those that leave, those that come, or first the ones and then the others.
class incidence {
 public:
  incidence() = default;
  incidence(vertex_id v, const ring_view& leaving, const ring_view& coming, bool from_v)
      : v_(v), leaving_(leaving), coming_(coming), from_v_(from_v) {}

  std::size_t size() const { return leaving_.size() + coming_.size(); }
  edge_descriptor operator[](std::size_t i) const {
    const neighbour n = i < leaving_.size() ? leaving_[i] : coming_[i - leaving_.size()];
    return from_v_ ? edge_descriptor{v_, n.vertex, n.edge} : edge_descriptor{n.vertex, v_, n.edge};
  }
  vertex_id other_end(std::size_t i) const { return from_v_ ? (*this)[i].target : (*this)[i].source; }

 private:
  vertex_id v_{};
  ring_view leaving_;
  ring_view coming_;
  bool from_v_ = true;
};

/// Over edges (`Value` is edge_descriptor) or over the vertices at their other ends (vertex_id).
template <class Value>
class incidence_iterator
    : public boost::iterator_facade<incidence_iterator<Value>, Value, boost::random_access_traversal_tag, Value> {
 public:
  incidence_iterator() = default;
  incidence_iterator(const incidence& edges, std::size_t i) : edges_(edges), i_(static_cast<std::ptrdiff_t>(i)) {}

 private:
  friend class boost::iterator_core_access;
  Value dereference() const {
    if constexpr (std::same_as<Value, vertex_id>) {
      return edges_.other_end(static_cast<std::size_t>(i_));
    } else {
      return edges_[static_cast<std::size_t>(i_)];
    }
  }
  bool equal(const incidence_iterator& other) const { return i_ == other.i_; }
  void increment() { ++i_; }
  void decrement() { --i_; }
  void advance(std::ptrdiff_t n) { i_ += n; }
  std::ptrdiff_t distance_to(const incidence_iterator& other) const { return other.i_ - i_; }

  incidence edges_;
  std::ptrdiff_t i_ = 0;
};

class edge_iterator
    : public boost::iterator_facade<edge_iterator, edge_descriptor, boost::forward_traversal_tag, edge_descriptor> {
 public:
  edge_iterator() = default;
  explicit edge_iterator(edge_log::iterator at) : at_(at) {}

 private:
  friend class boost::iterator_core_access;
  edge_descriptor dereference() const {
    const edge e = *at_;
    return {e.from, e.to, e.id};
  }
  bool equal(const edge_iterator& other) const { return at_ == other.at_; }
  void increment() { ++at_; }

  edge_log::iterator at_;
};

template <class Value>
std::pair<incidence_iterator<Value>, incidence_iterator<Value>> both_ends(const incidence& edges) {
  return {{edges, 0}, {edges, edges.size()}};
}

struct directed_traversal : virtual boost::bidirectional_graph_tag,
                            virtual boost::adjacency_graph_tag,
                            virtual boost::vertex_list_graph_tag,
                            virtual boost::edge_list_graph_tag {};

/// What directed and undirected graphs have in common.
template <class Direction>
struct traits {
  using vertex_descriptor = vertex_id;
  using edge_descriptor = bgl::edge_descriptor;
  using directed_category = Direction;
  using edge_parallel_category = boost::allow_parallel_edge_tag;
  using traversal_category = directed_traversal;
  using vertices_size_type = std::size_t;
  using edges_size_type = std::size_t;
  using degree_size_type = std::size_t;
  using vertex_iterator = bgl::vertex_iterator;
  using edge_iterator = bgl::edge_iterator;
  using out_edge_iterator = incidence_iterator<bgl::edge_descriptor>;
  using in_edge_iterator = out_edge_iterator;
  using adjacency_iterator = incidence_iterator<vertex_id>;

  static vertex_descriptor null_vertex() { return vertex_id{std::numeric_limits<std::uint32_t>::max()}; }
};

template <class G>
inline constexpr bool is_undirected = false;
template <class G>
inline constexpr bool is_undirected<undirected_view<G>> = true;

/// The graphs that this file is about.
template <class G>
concept bgl_graph = std::same_as<G, store> || std::same_as<G, as_of_view> || is_undirected<G>;

template <bgl_graph G>
const auto& directed(const G& g) {
  if constexpr (is_undirected<G>) {
    return g.directed();
  } else {
    return g;
  }
}

template <bgl_graph G>
incidence leaving(vertex_id v, const G& g) {
  if constexpr (is_undirected<G>) {
    return {v, directed(g).out_edges(v), directed(g).in_edges(v), true};
  } else {
    return {v, g.out_edges(v), {}, true};
  }
}

template <bgl_graph G>
incidence coming(vertex_id v, const G& g) {
  if constexpr (is_undirected<G>) {
    return {v, directed(g).out_edges(v), directed(g).in_edges(v), false};
  } else {
    return {v, {}, g.in_edges(v), false};
  }
}

struct index_map {
  using key_type = vertex_id;
  using value_type = std::size_t;
  using reference = std::size_t;
  using category = boost::readable_property_map_tag;

  friend std::size_t get(const index_map&, vertex_id v) { return static_cast<std::size_t>(v); }
  std::size_t operator[](vertex_id v) const { return static_cast<std::size_t>(v); }
};

/// What `Read` says of an edge's id.
template <class G, auto Read>
struct edge_map {
  using key_type = edge_descriptor;
  using value_type = std::int64_t;
  using reference = std::int64_t;
  using category = boost::readable_property_map_tag;

  const G* g = nullptr;

  std::int64_t operator[](const edge_descriptor& e) const { return Read(directed(*g), e.id); }
  friend std::int64_t get(const edge_map& map, const edge_descriptor& e) { return map[e]; }
};

inline constexpr auto read_weight = [](const auto& g, edge_id e) { return g.weight(e); };
inline constexpr auto read_time = [](const auto& g, edge_id e) { return static_cast<std::int64_t>(g.at(e)); };

template <class G>
using weight_map = edge_map<G, read_weight>;
template <class G>
using time_map = edge_map<G, read_time>;

}  // namespace bgl

template <bgl::bgl_graph G>
std::size_t num_vertices(const G& g) {
  return bgl::directed(g).vertex_count();
}
template <bgl::bgl_graph G>
std::pair<bgl::vertex_iterator, bgl::vertex_iterator> vertices(const G& g) {
  return {bgl::vertex_iterator(0), bgl::vertex_iterator(num_vertices(g))};
}
template <bgl::bgl_graph G>
std::size_t num_edges(const G& g) {
  return bgl::directed(g).edge_count();
}
template <bgl::bgl_graph G>
std::pair<bgl::edge_iterator, bgl::edge_iterator> edges(const G& g) {
  const edge_range all = bgl::directed(g).edges();
  return {bgl::edge_iterator(all.begin()), bgl::edge_iterator(all.end())};
}
template <bgl::bgl_graph G>
auto out_edges(vertex_id v, const G& g) {
  return bgl::both_ends<bgl::edge_descriptor>(bgl::leaving(v, g));
}
template <bgl::bgl_graph G>
auto in_edges(vertex_id v, const G& g) {
  return bgl::both_ends<bgl::edge_descriptor>(bgl::coming(v, g));
}
template <bgl::bgl_graph G>
auto adjacent_vertices(vertex_id v, const G& g) {
  return bgl::both_ends<vertex_id>(bgl::leaving(v, g));
}
template <bgl::bgl_graph G>
std::size_t out_degree(vertex_id v, const G& g) {
  return bgl::leaving(v, g).size();
}
template <bgl::bgl_graph G>
std::size_t in_degree(vertex_id v, const G& g) {
  return bgl::coming(v, g).size();
}
template <bgl::bgl_graph G>
std::size_t degree(vertex_id v, const G& g) {
  return bgl::directed(g).out_degree(v) + bgl::directed(g).in_degree(v);
}
template <bgl::bgl_graph G>
vertex_id source(const bgl::edge_descriptor& e, const G&) {
  return e.source;
}
template <bgl::bgl_graph G>
vertex_id target(const bgl::edge_descriptor& e, const G&) {
  return e.target;
}

template <bgl::bgl_graph G>
bgl::index_map get(boost::vertex_index_t, const G&) {
  return {};
}
template <bgl::bgl_graph G>
bgl::weight_map<G> get(boost::edge_weight_t, const G& g) {
  return {&g};
}
template <bgl::bgl_graph G>
bgl::time_map<G> get(edge_time_t, const G& g) {
  return {&g};
}
template <bgl::bgl_graph G>
std::size_t get(boost::vertex_index_t, const G&, vertex_id v) {
  return static_cast<std::size_t>(v);
}
template <bgl::bgl_graph G>
std::int64_t get(boost::edge_weight_t, const G& g, const bgl::edge_descriptor& e) {
  return bgl::weight_map<G>{&g}[e];
}
template <bgl::bgl_graph G>
std::int64_t get(edge_time_t, const G& g, const bgl::edge_descriptor& e) {
  return bgl::time_map<G>{&g}[e];
}

}  // namespace weir::graph

template <>
struct std::hash<weir::graph::bgl::edge_descriptor> {
  std::size_t operator()(const weir::graph::bgl::edge_descriptor& e) const noexcept {
    return std::hash<weir::graph::edge_id>()(e.id);
  }
};

namespace boost {

template <>
struct graph_traits<weir::graph::store> : weir::graph::bgl::traits<bidirectional_tag> {};
template <>
struct graph_traits<weir::graph::as_of_view> : weir::graph::bgl::traits<bidirectional_tag> {};
template <class G>
struct graph_traits<weir::graph::undirected_view<G>> : weir::graph::bgl::traits<undirected_tag> {};
template <weir::graph::bgl::bgl_graph G>
struct graph_traits<const G> : graph_traits<G> {};  // some algorithms deduce it so

template <weir::graph::bgl::bgl_graph G>
struct property_map<G, vertex_index_t> {
  using type = weir::graph::bgl::index_map;
  using const_type = type;
};
template <weir::graph::bgl::bgl_graph G>
struct property_map<G, edge_weight_t> {
  using type = weir::graph::bgl::weight_map<G>;
  using const_type = type;
};
template <weir::graph::bgl::bgl_graph G>
struct property_map<G, weir::graph::edge_time_t> {
  using type = weir::graph::bgl::time_map<G>;
  using const_type = type;
};
template <>
struct property_kind<weir::graph::edge_time_t> {
  using type = edge_property_tag;
};

}  // namespace boost
