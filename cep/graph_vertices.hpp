#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "graph/concepts.hpp"
#include "stream/dictionary.hpp"

namespace weir::cep {

/// Which vertex of a graph an entity is. Vertices are numbered by when their first edge came, and a number is given
/// again when its vertex has no edge left: so that they depend on the stream's order alone, and are no more than there
/// are vertices.
class graph_vertices {
 public:
  std::optional<graph::vertex_id> find(stream::symbol entity) const {
    const auto i = static_cast<std::size_t>(entity);
    if (i >= places_.size() || places_[i] == 0) return std::nullopt;
    return graph::vertex_id{places_[i] - 1};
  }
  /// Gives it a number if it has none.
  graph::vertex_id add(stream::symbol entity);
  /// Never to be released: it is on a list.
  void pin(graph::vertex_id v) { of(v).pinned = true; }
  /// Those that are on no list any more can be released again.
  void unpin_all();
  /// It has no edge left: its number may be given to another, unless it is pinned.
  void release(graph::vertex_id v);

  /// In which round of refreshes it came into the graph; `never` of one that has had no edge.
  std::uint64_t round_of(graph::vertex_id v) const { return vertices_[static_cast<std::size_t>(v)].round; }
  /// It has an edge; `round` is remembered if it had none.
  void enter(graph::vertex_id v, std::uint64_t round) {
    if (of(v).round == never) of(v).round = round;
  }

  static constexpr std::uint64_t never = ~std::uint64_t{0};

 private:
  struct vertex {
    stream::symbol entity{};
    std::uint64_t round = never;
    bool pinned = false;
    bool used = false;
  };
  vertex& of(graph::vertex_id v) { return vertices_[static_cast<std::size_t>(v)]; }

  std::vector<std::uint32_t> places_;  // by entity: in vertices_, from 1; 0: none
  std::vector<vertex> vertices_;
  std::vector<graph::vertex_id> free_;
};

}  // namespace weir::cep
