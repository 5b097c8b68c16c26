#include "graph/spanning_forest.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <optional>
#include <ranges>
#include <utility>

namespace weir::graph {

namespace {

/// The edges of a forest at both of their ends.
class forest_rows {
 public:
  forest_rows(std::size_t vertex_count, std::span<const edge> forest) : end_(vertex_count + 1) {
    for (const edge& e : forest) {
      for (const vertex_id v : {e.from, e.to}) ++end_[static_cast<std::size_t>(v) + 1];
    }
    std::partial_sum(end_.begin(), end_.end(), end_.begin());
    first_ = end_;  // each row is filled from its first on, where the one before ends
    neighbours_.resize(2 * forest.size());
    for (const edge& e : forest) {
      neighbours_[end_[static_cast<std::size_t>(e.from)]++] = {e.to, e.id};
      neighbours_[end_[static_cast<std::size_t>(e.to)]++] = {e.from, e.id};
    }
  }

  std::span<const neighbour> of(vertex_id v) const {
    const auto i = static_cast<std::size_t>(v);
    return std::span(neighbours_).subspan(first_[i], end_[i] - first_[i]);
  }
  std::vector<vertex_id> by_degree() const {
    std::vector<vertex_id> order;
    for (std::size_t v = 0; v + 1 < end_.size(); ++v) {
      if (end_[v] > first_[v]) order.push_back(vertex_id{static_cast<std::uint32_t>(v)});
    }
    std::ranges::stable_sort(order, std::ranges::greater{}, [this](vertex_id v) { return of(v).size(); });
    return order;
  }

 private:
  std::vector<std::uint64_t> first_;
  std::vector<std::uint64_t> end_;
  std::vector<neighbour> neighbours_;
};

}  // namespace

const spanning_forest::node& spanning_forest::node_of(vertex_id v) const {
  static const node alone{};
  const auto i = static_cast<std::size_t>(v);
  return i < nodes_.size() ? nodes_[i] : alone;
}

void spanning_forest::touch(vertex_id v) {
  const auto i = static_cast<std::size_t>(v);
  if (i >= nodes_.size()) nodes_.resize(i + 1);
}

vertex_id spanning_forest::root(vertex_id v) const {
  for (vertex_id up = node_of(v).parent; up != none; up = node_of(v).parent) {
    v = up;
    ++steps_;
  }
  return v;
}

bool spanning_forest::connected(vertex_id a, vertex_id b) const { return meet(a, b).at != none; }

// The lighter one goes up: it cannot be an ancestor of the other. Of two that are equally heavy neither is.
spanning_forest::meeting spanning_forest::meet(vertex_id a, vertex_id b) const {
  meeting met;
  std::optional<edge_id> oldest;
  while (a != b) {
    const bool first = node_of(a).size <= node_of(b).size;
    vertex_id& lighter = first ? a : b;
    const node& n = node_of(lighter);
    if (n.parent == none) return {};  // a root, and lighter than somebody who is not below it
    if (!oldest || n.up < *oldest) {
      oldest = n.up;
      met.oldest = lighter;
      met.under_first = first;
    }
    lighter = n.parent;
    ++steps_;
  }
  met.at = a;
  return met;
}

bool spanning_forest::has(const edge& e) const {
  const node& from = node_of(e.from);
  const node& to = node_of(e.to);
  return (from.parent == e.to && from.up == e.id) || (to.parent == e.from && to.up == e.id);
}

bool spanning_forest::add(const edge& e) {
  if (e.from == e.to) return false;
  touch(e.from);
  touch(e.to);
  const meeting met = meet(e.from, e.to);
  if (met.at == none) {
    link(e);
    return true;
  }
  if (met.under_first) {
    replace(met, e.from, e.to, e.id);
  } else {
    replace(met, e.to, e.from, e.id);
  }
  return false;
}

void spanning_forest::link(const edge& e) {
  touch(e.from);
  touch(e.to);
  if (tree_size(e.from) < tree_size(e.to)) {
    make_root(e.from);
    hang(e.from, e.to, e.id);
  } else {
    make_root(e.to);
    hang(e.to, e.from, e.id);
  }
}

// Hangs the subtree of `met.oldest`, which `below` is in, under `above` by the new edge. Above where they meet no size
// changes.
void spanning_forest::replace(const meeting& met, vertex_id below, vertex_id above, edge_id e) {
  const std::uint32_t size = at(met.oldest).size;
  add_size(at(met.oldest).parent, met.at, -size);
  at(met.oldest).parent = none;
  make_root(below);
  at(below).parent = above;
  at(below).up = e;
  add_size(above, met.at, size);
}

void spanning_forest::cut(const edge& e) {
  const bool from_below = at(e.from).parent == e.to && at(e.from).up == e.id;
  const vertex_id below = from_below ? e.from : e.to;
  add_size(at(below).parent, none, -at(below).size);
  at(below).parent = none;
}

void spanning_forest::hang(vertex_id below, vertex_id above, edge_id e) {
  at(below).parent = above;
  at(below).up = e;
  add_size(above, none, at(below).size);
}

// From `from` up to but without `to`. Sizes wrap around, so that they can be taken away.
void spanning_forest::add_size(vertex_id from, vertex_id to, std::uint32_t size) {
  for (vertex_id v = from; v != to; v = at(v).parent) {
    at(v).size += size;
    ++steps_;
  }
}

// Turns the way from `v` to its root around.
void spanning_forest::make_root(vertex_id v) {
  vertex_id above = none;
  edge_id up{};
  std::uint32_t below_size = 0;  // of what hung below on this way, before it was turned
  const std::uint32_t all = at(root(v)).size;
  while (v != none) {
    node& n = at(v);
    const std::uint32_t size = n.size;
    n.size = all - below_size;
    below_size = size;
    std::swap(above, n.parent);
    std::swap(up, n.up);
    std::swap(above, v);
    ++steps_;
  }
}

// Breadth first from the vertex with most edges in each tree: the flatter a tree, the shorter its ways.
void spanning_forest::assign(std::size_t vertex_count, std::span<const edge> forest) {
  nodes_.assign(vertex_count, {});
  const forest_rows rows(vertex_count, forest);
  std::vector<bool> met(vertex_count);
  std::vector<vertex_id> order;
  for (const vertex_id start : rows.by_degree()) {
    if (met[static_cast<std::size_t>(start)]) continue;
    met[static_cast<std::size_t>(start)] = true;
    order.push_back(start);
    for (std::size_t next = order.size() - 1; next < order.size(); ++next) {
      for (const neighbour& n : rows.of(order[next])) {
        if (met[static_cast<std::size_t>(n.vertex)]) continue;
        met[static_cast<std::size_t>(n.vertex)] = true;
        at(n.vertex).parent = order[next];
        at(n.vertex).up = n.edge;
        order.push_back(n.vertex);
      }
    }
  }
  for (const vertex_id v : order | std::views::reverse) {
    if (at(v).parent != none) at(at(v).parent).size += at(v).size;
  }
}

}  // namespace weir::graph
