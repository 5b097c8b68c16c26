#pragma once

#include <string>
#include <vector>

#include "apps/weir/graph/sketch.hpp"

namespace weir::app {

struct point {
  double x = 0;
  double y = 0;
};

/// A rectangle by its middle.
struct box {
  point middle;
  double width = 0;
  double height = 0;

  bool meets(const box& other) const;
};

/// Where a vertex stands, and on which side its label.
struct placed_vertex {
  point at;
  bool label_above = false;
};

/// Where the parts of a picture stand, in pixels.
struct layout {
  std::vector<placed_vertex> vertices;  // as the sketch's
  double width = 0;
  double height = 0;
};

inline constexpr double vertex_radius = 13;
inline constexpr double letter_width = 6.6;  // of a label, on average
inline constexpr double letter_height = 14;

/// How wide a label is, about.
double width_of(const std::string& label);
/// What a vertex takes with its label.
box box_of(const sketch_vertex& v, const placed_vertex& where);

/// Vertices that are joined are near each other, and no two of them, with their labels, overlap: springs of Kamada and
/// Kawai (Boost.Graph), then pushing apart.
layout lay_out(const sketch& drawn);

}  // namespace weir::app
