#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <ranges>
#include <set>
#include <utility>
#include <vector>

#include "graph/concepts.hpp"

namespace weir::graph {

/// An edge with a value.
template <class E>
struct valued_edge {
  vertex_id from{};
  vertex_id to{};
  E value{};

  friend bool operator==(const valued_edge&, const valued_edge&) = default;
};

/// An edge with its value and those of both ends. Refers to the graph that it is of.
template <class V, class E>
struct triplet {
  vertex_id from;
  vertex_id to;
  const V& from_value;
  const V& to_value;
  const E& value;
};

/// A value for some of the vertices. Those beyond its size have none.
template <class T>
class vertex_values {
 public:
  vertex_values() = default;
  explicit vertex_values(std::vector<std::optional<T>> values) : values_(std::move(values)) {}

  const std::optional<T>& operator[](vertex_id v) const {
    static const std::optional<T> none;
    const auto i = static_cast<std::size_t>(v);
    return i < values_.size() ? values_[i] : none;
  }
  bool contains(vertex_id v) const { return (*this)[v].has_value(); }
  void set(vertex_id v, T value) { at(v) = std::move(value); }
  void erase(vertex_id v) { at(v).reset(); }

  /// Sets the value, or `merge(old, value)` where there is one.
  template <class Merge>
  void merge(vertex_id v, T value, Merge merge) {
    std::optional<T>& slot = at(v);
    slot = slot ? T(merge(*slot, value)) : std::move(value);
  }

  /// The vertices that have a value, by id.
  auto ids() const {
    return std::views::iota(std::size_t{0}, values_.size()) |
           std::views::filter([this](std::size_t i) { return values_[i].has_value(); }) |
           std::views::transform([](std::size_t i) { return vertex_id{static_cast<std::uint32_t>(i)}; });
  }
  std::size_t count() const {
    return static_cast<std::size_t>(std::ranges::count_if(values_, [](const auto& v) { return v.has_value(); }));
  }
  bool empty() const { return count() == 0; }
  /// One more than the greatest id that was given room.
  std::size_t size() const { return values_.size(); }

  /// Those without values at the end don't count.
  friend bool operator==(const vertex_values& a, const vertex_values& b) {
    const auto same = [&](std::size_t i) {
      const vertex_id v{static_cast<std::uint32_t>(i)};
      return a[v] == b[v];
    };
    return std::ranges::all_of(std::views::iota(std::size_t{0}, std::max(a.size(), b.size())), same);
  }

 private:
  std::optional<T>& at(vertex_id v) {
    const auto i = static_cast<std::size_t>(v);
    if (i >= values_.size()) values_.resize(i + 1);
    return values_[i];
  }

  std::vector<std::optional<T>> values_;
};

/// A graph with a value on each vertex and each edge, and the operators of Spark's GraphX on it, typed and in memory. A
/// value: operators make new ones, and change none. A directed multigraph; every end of an edge is a vertex of it. Each
/// operator takes time for all vertices and edges.
template <class V, class E>
class property_graph {
 public:
  using edge_type = valued_edge<E>;
  using triplet_type = triplet<V, E>;

  property_graph() = default;

  /// From vertices and edges; ends of edges that are no vertices become such, with `otherwise`.
  property_graph(vertex_values<V> vertices, std::vector<edge_type> edges, const V& otherwise = V{})
      : vertices_(std::move(vertices)), edges_(std::move(edges)) {
    for (const edge_type& e : edges_) {
      for (const vertex_id v : {e.from, e.to}) {
        if (!vertices_.contains(v)) vertices_.set(v, otherwise);
      }
    }
  }
  /// From edges alone: the vertices are their ends, all with one value.
  static property_graph from_edges(std::vector<edge_type> edges, const V& value = V{}) {
    return property_graph({}, std::move(edges), value);
  }

  const vertex_values<V>& vertices() const { return vertices_; }
  const std::vector<edge_type>& edges() const { return edges_; }
  /// The edges with the values of their ends, in the same order. They refer to this graph.
  auto triplets() const&& = delete;
  auto triplets() const& {
    return edges_ | std::views::transform([this](const edge_type& e) { return triplet_of(e); });
  }
  std::size_t vertex_count() const { return vertices_.count(); }
  std::size_t edge_count() const { return edges_.size(); }

  /// How many edges leave, come, or both; only vertices that have any. A self loop counts twice for `either`.
  vertex_values<std::size_t> degrees(edge_side side) const {
    return aggregate_messages<std::size_t>(
        [side](const triplet_type&, auto& box) {
          if (side != edge_side::in) box.to_from(1);
          if (side != edge_side::out) box.to_to(1);
        },
        std::plus<>());
  }

  /// Other values for the vertices: `f(id, value)`.
  template <class F>
  auto map_vertices(F f) const {
    using R = std::decay_t<std::invoke_result_t<F, vertex_id, const V&>>;
    vertex_values<R> mapped;
    for (const vertex_id v : vertices_.ids()) mapped.set(v, f(v, *vertices_[v]));
    return property_graph<R, E>(std::move(mapped), edges_);
  }
  /// Other values for the edges: `f(edge)`.
  template <class F>
  auto map_edges(F f) const {
    using R = std::decay_t<std::invoke_result_t<F, const edge_type&>>;
    std::vector<valued_edge<R>> mapped;
    mapped.reserve(edges_.size());
    for (const edge_type& e : edges_) mapped.push_back({e.from, e.to, f(e)});
    return property_graph<V, R>(vertices_, std::move(mapped));
  }
  /// Other values for the edges: `f(triplet)`.
  template <class F>
  auto map_triplets(F f) const {
    return map_edges([&](const edge_type& e) { return f(triplet_of(e)); });
  }

  /// All edges the other way round.
  property_graph reverse() const {
    std::vector<edge_type> turned = edges_;
    for (edge_type& e : turned) std::swap(e.from, e.to);
    return property_graph(vertices_, std::move(turned));
  }

  /// The vertices for which `keeps_vertex(id, value)`, and the edges between two of these for which
  /// `keeps_edge(triplet)`.
  template <class KeepsEdge, class KeepsVertex>
  property_graph subgraph(KeepsEdge keeps_edge, KeepsVertex keeps_vertex) const {
    vertex_values<V> kept;
    for (const vertex_id v : vertices_.ids()) {
      if (keeps_vertex(v, *vertices_[v])) kept.set(v, *vertices_[v]);
    }
    return property_graph(kept, edges_where([&](const edge_type& e) {
                            return kept.contains(e.from) && kept.contains(e.to) && keeps_edge(triplet_of(e));
                          }));
  }
  /// What `other` has too: vertices by id, edges by their ends. With the values of this one.
  template <class V2, class E2>
  property_graph mask(const property_graph<V2, E2>& other) const {
    std::set<std::pair<vertex_id, vertex_id>> pairs;
    for (const auto& e : other.edges()) pairs.emplace(e.from, e.to);
    const auto has_vertex = [&](vertex_id v, const V&) { return other.vertices().contains(v); };
    return subgraph([&](const triplet_type& t) { return pairs.contains({t.from, t.to}); }, has_vertex);
  }
  /// The part of this graph that is left when `look(graph)`, with other values perhaps, is cut down to a subgraph.
  template <class Look, class KeepsEdge, class KeepsVertex>
  property_graph filter(Look look, KeepsEdge keeps_edge, KeepsVertex keeps_vertex) const {
    return mask(look(*this).subgraph(keeps_edge, keeps_vertex));
  }
  /// Of parallel edges one, with `merge(value, value)` of their values, in their order. Edges are by their ends then.
  template <class Merge>
  property_graph group_edges(Merge merge) const {
    std::map<std::pair<vertex_id, vertex_id>, E> grouped;
    for (const edge_type& e : edges_) {
      const auto [at, is_new] = grouped.try_emplace({e.from, e.to}, e.value);
      if (!is_new) at->second = merge(at->second, e.value);
    }
    std::vector<edge_type> edges;
    for (const auto& [ends, value] : grouped) edges.push_back({ends.first, ends.second, value});
    return property_graph(vertices_, std::move(edges));
  }

  /// Where an edge's messages go: to either of its ends.
  template <class M, class Merge>
  class outbox {
   public:
    void to_from(M message) { messages_->merge(edge_->from, std::move(message), std::ref(*merge_)); }
    void to_to(M message) { messages_->merge(edge_->to, std::move(message), std::ref(*merge_)); }

   private:
    friend class property_graph;
    outbox(vertex_values<M>& messages, Merge& merge) : messages_(&messages), merge_(&merge) {}

    vertex_values<M>* messages_;
    Merge* merge_;
    const edge_type* edge_ = nullptr;
  };

  /// Each edge sends messages to its ends: `send(triplet, outbox)`; those to one vertex are merged, in the edges'
  /// order.
  template <class M, class Send, class Merge>
  vertex_values<M> aggregate_messages(Send send, Merge merge) const {
    return messages_where<M>(send, merge, [](const edge_type&) { return true; });
  }

  /// New values, `f(id, value, u)`, for the vertices that have a `u`.
  template <class U, class F>
  property_graph join_vertices(const vertex_values<U>& values, F f) const {
    return map_vertices([&](vertex_id v, const V& value) { return values[v] ? V(f(v, value, *values[v])) : value; });
  }
  /// New values for all vertices: `f(id, value, optional u)`.
  template <class U, class F>
  auto outer_join_vertices(const vertex_values<U>& values, F f) const {
    return map_vertices([&](vertex_id v, const V& value) { return f(v, value, values[v]); });
  }

  /// Who is at the other end of each edge, with their values; only vertices that have any.
  vertex_values<std::vector<std::pair<vertex_id, V>>> collect_neighbours(edge_side side) const {
    using neighbours = std::vector<std::pair<vertex_id, V>>;
    return aggregate_messages<neighbours>(
        [side](const triplet_type& t, auto& box) {
          if (side != edge_side::in) box.to_from({{t.to, t.to_value}});
          if (side != edge_side::out) box.to_to({{t.from, t.from_value}});
        },
        [](neighbours& all, const neighbours& more) {
          all.insert(all.end(), more.begin(), more.end());
          return std::move(all);
        });
  }
  vertex_values<std::vector<vertex_id>> collect_neighbour_ids(edge_side side) const {
    const auto with_values = collect_neighbours(side);
    vertex_values<std::vector<vertex_id>> ids;
    for (const vertex_id v : with_values.ids()) {
      std::vector<vertex_id> of;
      for (const auto& [id, value] : *with_values[v]) of.push_back(id);
      ids.set(v, std::move(of));
    }
    return ids;
  }

  /// Pregel: each vertex takes a first message, then, round by round, edges send messages and the vertices that get any
  /// take them: `take(id, value, message)` is the new value. An edge sends (`send(triplet, outbox)`) when the end that
  /// `active` names took a message in the round before; of `either`, one of them. Ends when no message was sent, or
  /// after so many rounds.
  template <class M, class Take, class Send, class Merge>
  property_graph pregel(const M& first, Take take, Send send, Merge merge, std::size_t rounds_max,
                        edge_side active = edge_side::either) const {
    property_graph g = map_vertices([&](vertex_id v, const V& value) { return V(take(v, value, first)); });
    auto messages = g.template aggregate_messages<M>(send, merge);
    for (std::size_t round = 0; round < rounds_max && !messages.empty(); ++round) {
      for (const vertex_id v : messages.ids()) g.vertices_.set(v, take(v, *g.vertices_[v], *messages[v]));
      messages = g.template messages_where<M>(send, merge, [&](const edge_type& e) {
        return (active != edge_side::in && messages.contains(e.from)) ||
               (active != edge_side::out && messages.contains(e.to));
      });
    }
    return g;
  }

  friend bool operator==(const property_graph&, const property_graph&) = default;

 private:
  triplet_type triplet_of(const edge_type& e) const {
    return {e.from, e.to, *vertices_[e.from], *vertices_[e.to], e.value};
  }

  template <class Keeps>
  std::vector<edge_type> edges_where(Keeps keeps) const {
    std::vector<edge_type> kept;
    std::ranges::copy_if(edges_, std::back_inserter(kept), keeps);
    return kept;
  }

  template <class M, class Send, class Merge, class Sends>
  vertex_values<M> messages_where(Send& send, Merge& merge, Sends sends) const {
    vertex_values<M> messages;
    outbox<M, Merge> box(messages, merge);
    for (const edge_type& e : edges_) {
      if (!sends(e)) continue;
      box.edge_ = &e;
      send(triplet_of(e), box);
    }
    return messages;
  }

  vertex_values<V> vertices_;
  std::vector<edge_type> edges_;
};

/// A snapshot of a store, or of one as of an event: each edge with all that is known of it, each vertex that has any
/// with `value`.
template <class V, directed_graph G>
property_graph<V, edge> snapshot(const G& g, const V& value) {
  std::vector<valued_edge<edge>> edges;
  edges.reserve(g.edge_count());
  for (const edge& e : g.edges()) edges.push_back({e.from, e.to, e});
  return property_graph<V, edge>::from_edges(std::move(edges), value);
}

}  // namespace weir::graph
