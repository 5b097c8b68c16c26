#include "graph/adjacency.hpp"

#include <stdexcept>

#include "graph/fetch_ahead.hpp"

namespace weir::graph {

namespace {

// A ring gives memory back only when it would fit into a chunk some classes smaller, or sizes that go up and down would
// cost a copy each time.
constexpr std::uint8_t classes_to_shrink = 2;

std::uint32_t slot_of(const ring& r, std::uint32_t i) {
  const std::uint32_t slot = r.many.head + i;
  return slot >= r.capacity() ? slot - r.capacity() : slot;
}

}  // namespace

void adjacency::push(ring_owner owner, ring_entry entry) {
  ring& r = vertices_[owner.vertex].side(owner.side);
  if (r.size == r.capacity()) resize(r, owner, static_cast<std::uint8_t>(r.size_class + 1));
  if (r.in_place()) {
    r.only = entry;
  } else {
    chunks_.slots(r.many.chunk)[slot_of(r, r.size)] = entry;
  }
  ++r.size;
}

void adjacency::pop(ring_owner owner) {
  ring& r = vertices_[owner.vertex].side(owner.side);
  if (!r.in_place()) r.many.head = slot_of(r, 1);
  --r.size;
  shrink(r, owner);
}

// Moves the shorter side of the ring over the edge.
void adjacency::erase(ring_owner owner, edge_id e, edge_id oldest) {
  ring& r = vertices_[owner.vertex].side(owner.side);
  if (!r.in_place()) {
    ring_entry* const all = chunks_.slots(r.many.chunk);
    const auto i = static_cast<std::uint32_t>(view(r, oldest).count_before(e));
    if (i < r.size / 2) {
      for (std::uint32_t k = i; k > 0; --k) all[slot_of(r, k)] = all[slot_of(r, k - 1)];
      r.many.head = slot_of(r, 1);
    } else {
      for (std::uint32_t k = i; k + 1 < r.size; ++k) all[slot_of(r, k)] = all[slot_of(r, k + 1)];
    }
  }
  --r.size;
  shrink(r, owner);
}

void adjacency::shrink(ring& r, ring_owner owner) {
  if (r.in_place()) return;
  if (r.size == 0) {
    const chunk_ref chunk = r.many.chunk;
    const std::uint8_t size_class = r.size_class;
    r = ring{};
    free_chunk(chunk, size_class);
  } else if (r.size_class > classes_to_shrink &&
             r.size <= chunk_size::capacity(static_cast<std::uint8_t>(r.size_class - classes_to_shrink))) {
    resize(r, owner, static_cast<std::uint8_t>(r.size_class - 1));
  }
}

// To a chunk of another class, which is not the one in place.
void adjacency::resize(ring& r, ring_owner owner, std::uint8_t size_class) {
  if (size_class == chunk_size::count) throw std::length_error("a vertex of more than 2^30 edges");
  const chunk_ref chunk = chunks_.allocate(size_class, owner);
  ring_entry* const all = chunks_.slots(chunk);
  if (r.in_place()) {
    all[0] = r.only;
  } else {
    const ring_entry* const old = chunks_.slots(r.many.chunk);
    for (std::uint32_t i = 0; i < r.size; ++i) all[i] = old[slot_of(r, i)];
    free_chunk(r.many.chunk, r.size_class);
  }
  r.many = {chunk, 0};
  r.size_class = size_class;
}

void adjacency::free_chunk(chunk_ref chunk, std::uint8_t size_class) {
  if (const auto moved = chunks_.free(chunk, size_class)) {
    vertices_[moved->owner.vertex].side(moved->owner.side).many.chunk = moved->now;
  }
}

void adjacency::fetch_records(vertex_id from, vertex_id to) const {
  fetch_ahead(vertices_.find(from));
  fetch_ahead(vertices_.find(to));
}

void adjacency::fetch_slots(vertex_id from, vertex_id to) const {
  fetch_slot(vertices_.find(from)->out);
  fetch_slot(vertices_.find(to)->in);
}

void adjacency::fetch_slot(const ring& r) const {
  if (!r.in_place()) fetch_ahead(chunks_.slots(r.many.chunk) + slot_of(r, r.size));
}

ring_view adjacency::edges(vertex_id v, direction side, edge_id oldest) const {
  const vertex_record* const record = vertices_.find(v);
  if (record == nullptr) return {};
  return view(side == direction::out ? record->out : record->in, oldest);
}

}  // namespace weir::graph
