#pragma once

#include <cstddef>
#include <cstdint>

#include "graph/concepts.hpp"
#include "graph/fetch_ahead.hpp"
#include "graph/memory/ring_pool.hpp"
#include "graph/memory/span_pool.hpp"
#include "graph/ring.hpp"
#include "graph/vertex_table.hpp"

namespace weir::graph {

/// The rings of all vertices, both directions. Each edge is in two: its source's `out` and its target's `in`. Edges
/// leave in the order in which they came, so that the one that expires is always the oldest of its rings: no search. Of
/// one thread.
class adjacency {
 public:
  explicit adjacency(span_pool& spans) : vertices_(spans), chunks_(spans) {}

  /// Makes room for a vertex. Its rings are empty at first.
  void touch(vertex_id v) { vertices_.touch(v); }

  /// Adds the newest edge, between vertices that were touched.
  void push(vertex_id from, vertex_id to, edge_id e) {
    const auto place = static_cast<std::uint32_t>(e);
    push({from, direction::out}, {to, place});
    push({to, direction::in}, {from, place});
  }
  /// Takes the oldest edge of both rings away.
  void pop(vertex_id from, vertex_id to) {
    pop({from, direction::out});
    pop({to, direction::in});
  }
  /// Takes an edge from the middle. Takes the logarithm of the rings' sizes, and moves half of their entries at most.
  void erase(vertex_id from, vertex_id to, edge_id e, edge_id oldest) {
    erase({from, direction::out}, e, oldest);
    erase({to, direction::in}, e, oldest);
  }

  /// Two steps of asking for memory that will be needed: the records of an edge's ends, and, when these are there, the
  /// slots that `push` writes to.
  void fetch_records(vertex_id from, vertex_id to) const;
  void fetch_slots(vertex_id from, vertex_id to) const;

  /// The record of a vertex.
  void fetch(vertex_id v) const { fetch_ahead(vertices_.find(v)); }

  /// `oldest`: an edge not after any that is here.
  ring_view edges(vertex_id v, direction side, edge_id oldest) const;

  std::size_t vertex_count() const { return vertices_.count(); }
  /// Beyond the spans.
  std::size_t bytes() const { return vertices_.bytes() + chunks_.bytes(); }

 private:
  void push(ring_owner owner, ring_entry entry);
  void pop(ring_owner owner);
  void erase(ring_owner owner, edge_id e, edge_id oldest);
  void shrink(ring& r, ring_owner owner);
  void resize(ring& r, ring_owner owner, std::uint8_t size_class);
  void free_chunk(chunk_ref chunk, std::uint8_t size_class);
  const ring_entry* slots(const ring& r) const { return r.in_place() ? &r.only : chunks_.slots(r.many.chunk); }
  ring_view view(const ring& r, edge_id oldest) const {
    return {slots(r), r.capacity(), r.in_place() ? 0 : r.many.head, r.size, oldest};
  }
  void fetch_slot(const ring& r) const;

  vertex_table vertices_;
  ring_pool chunks_;
};

}  // namespace weir::graph
