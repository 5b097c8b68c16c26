#include "cep/graph_vertices.hpp"

namespace weir::cep {

graph::vertex_id graph_vertices::add(stream::symbol entity) {
  if (const auto known = find(entity)) return *known;
  const auto i = static_cast<std::size_t>(entity);
  if (i >= places_.size()) places_.resize(i + 1);
  graph::vertex_id v{static_cast<std::uint32_t>(vertices_.size())};
  if (free_.empty()) {
    vertices_.emplace_back();
  } else {
    v = free_.back();
    free_.pop_back();
  }
  of(v) = {.entity = entity, .used = true};
  places_[i] = static_cast<std::uint32_t>(v) + 1;
  return v;
}

void graph_vertices::unpin_all() {
  for (vertex& v : vertices_) v.pinned = false;
}

void graph_vertices::release(graph::vertex_id v) {
  vertex& released = of(v);
  released.round = never;
  if (released.pinned || !released.used) return;
  released.used = false;
  places_[static_cast<std::size_t>(released.entity)] = 0;
  free_.push_back(v);
}

}  // namespace weir::cep
