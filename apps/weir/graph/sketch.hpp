#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "apps/weir/graph/named_graph.hpp"

namespace weir::app {

/// What is drawn around a vertex, and how much of it.
struct sketch_options {
  std::uint32_t hops = 2;
  std::size_t each_max = 8;       // neighbours of one vertex, those with the greatest weights
  std::size_t vertices_max = 40;  // of all
};

/// A vertex of a picture, or the rest of one's neighbours, counted.
struct sketch_vertex {
  std::string label;
  std::string title;  // for who points at it
  std::uint32_t hops = 0;
  std::size_t rest = 0;  // so many neighbours that are not drawn; 0: a vertex

  friend bool operator==(const sketch_vertex&, const sketch_vertex&) = default;
};

/// All edges from one vertex of a picture to another.
struct sketch_arrow {
  std::size_t from = 0;
  std::size_t to = 0;
  std::uint64_t edges = 0;
  std::int64_t weight = 0;
  std::string label;
  std::string title;

  friend bool operator==(const sketch_arrow&, const sketch_arrow&) = default;
};

/// The neighbourhood of a vertex, before it has a layout. The first vertex is the one it is about; every other hangs on
/// one before it.
struct sketch {
  std::string title;
  std::vector<sketch_vertex> vertices;
  std::vector<sketch_arrow> arrows;
};

/// Vertices within so many hops, those with the most weight (or edges, where these have none) first; what exceeds the
/// limits is counted at the vertex whose neighbours it is.
sketch sketch_around(const named_graph& g, graph::vertex_id centre, const sketch_options& options);

}  // namespace weir::app
