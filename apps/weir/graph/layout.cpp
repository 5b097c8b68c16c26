#include "apps/weir/graph/layout.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/circle_layout.hpp>
#include <boost/graph/kamada_kawai_spring_layout.hpp>
#include <boost/graph/topology.hpp>

#include "apps/weir/text_table.hpp"

namespace weir::app {

namespace {

constexpr double spring_length = 150;  // pixels between two that are joined
constexpr double gap = 10;             // between two boxes at least
constexpr double margin = 40;
constexpr double title_height = 30;
constexpr int pushes_max = 2'000;

using topology = boost::square_topology<>;
using position = topology::point_type;
using springs = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS,
                                      boost::property<boost::vertex_index_t, std::size_t>,
                                      boost::property<boost::edge_weight_t, double>>;

/// When the springs are as good as at rest; or after so many steps, since some pictures never come to rest.
class rest_or_limit {
 public:
  template <class Vertex>
  bool operator()(double force, Vertex v, const springs& g, bool of_all) {
    return ++steps_ > steps_max || rest_(force, v, g, of_all);
  }

 private:
  static constexpr int steps_max = 20'000;

  boost::layout_tolerance<double> rest_;
  int steps_ = 0;
};

/// Longer where hubs meet, whose neighbours need room.
double length_of(const sketch& drawn, const std::vector<std::size_t>& degrees, const sketch_arrow& arrow) {
  const auto least = std::min(degrees[arrow.from], degrees[arrow.to]);
  const auto label = 0.3 * width_of(arrow.label) / spring_length;
  return (drawn.vertices[arrow.to].rest + drawn.vertices[arrow.from].rest > 0 ? 0.9 : 1.0) + label +
         0.08 * static_cast<double>(least);
}

springs springs_of(const sketch& drawn) {
  springs g(drawn.vertices.size());
  std::vector<std::size_t> degrees(drawn.vertices.size());
  for (const auto& arrow : drawn.arrows) {
    ++degrees[arrow.from];
    ++degrees[arrow.to];
  }
  for (const auto& arrow : drawn.arrows) {
    if (arrow.from == arrow.to || boost::edge(arrow.from, arrow.to, g).second) continue;
    boost::add_edge(arrow.from, arrow.to, length_of(drawn, degrees, arrow), g);
  }
  return g;
}

std::vector<point> relax(const sketch& drawn) {
  const auto g = springs_of(drawn);
  const auto count = drawn.vertices.size();
  std::vector<position> at(count);
  const auto where = boost::make_iterator_property_map(at.begin(), boost::get(boost::vertex_index, g));
  const double radius = spring_length * std::sqrt(static_cast<double>(count));
  boost::circle_graph_layout(g, where, radius);
  if (count > 1) {
    boost::kamada_kawai_spring_layout(g, where, boost::get(boost::edge_weight, g), topology(),
                                      boost::edge_length(spring_length), rest_or_limit());
  }
  std::vector<point> points;
  for (const auto& p : at) points.push_back({p[0], p[1]});
  return points;
}

/// Moves two boxes apart, along the axis on which that is less; false if they are far enough.
bool push_apart(box& a, box& b) {
  const double dx = b.middle.x - a.middle.x;
  const double dy = b.middle.y - a.middle.y;
  const double over_x = (a.width + b.width) / 2 + gap - std::abs(dx);
  const double over_y = (a.height + b.height) / 2 + gap - std::abs(dy);
  if (over_x <= 0 || over_y <= 0) return false;
  if (over_x < over_y) {
    const double by = std::copysign(over_x / 2 + 0.5, dx == 0 ? 1 : dx);
    a.middle.x -= by;
    b.middle.x += by;
  } else {
    const double by = std::copysign(over_y / 2 + 0.5, dy == 0 ? 1 : dy);
    a.middle.y -= by;
    b.middle.y += by;
  }
  return true;
}

bool push_all(std::vector<box>& boxes) {
  bool any = false;
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    for (std::size_t k = i + 1; k < boxes.size(); ++k) any = push_apart(boxes[i], boxes[k]) || any;
  }
  return any;
}

/// A label is below its vertex, or above: the box's middle is so much lower than the vertex.
double middle_below(bool label_above) { return label_above ? -letter_height / 2 : letter_height / 2; }

/// Labels are on the side where fewer arrows are.
std::vector<placed_vertex> place(const sketch& drawn, const std::vector<point>& points) {
  std::vector<double> down(points.size());  // how much further down than up the others are
  for (const auto& arrow : drawn.arrows) {
    const double dy = points[arrow.to].y - points[arrow.from].y;
    const double length = std::max(1.0, std::hypot(points[arrow.to].x - points[arrow.from].x, dy));
    down[arrow.from] += dy / length;
    down[arrow.to] -= dy / length;
  }
  std::vector<placed_vertex> placed;
  for (std::size_t i = 0; i < points.size(); ++i) placed.push_back({points[i], down[i] > 0.2});
  return placed;
}

}  // namespace

bool box::meets(const box& other) const {
  return std::abs(middle.x - other.middle.x) < (width + other.width) / 2 &&
         std::abs(middle.y - other.middle.y) < (height + other.height) / 2;
}

double width_of(const std::string& label) { return letter_width * static_cast<double>(columns_of(label)); }

box box_of(const sketch_vertex& v, const placed_vertex& where) {
  return {.middle = {where.at.x, where.at.y + middle_below(where.label_above)},
          .width = std::max(2 * vertex_radius, width_of(v.label)),
          .height = 2 * vertex_radius + letter_height};
}

layout lay_out(const sketch& drawn) {
  layout laid{.vertices = place(drawn, relax(drawn)), .width = 0, .height = 0};
  std::vector<box> boxes;
  for (std::size_t i = 0; i < laid.vertices.size(); ++i) boxes.push_back(box_of(drawn.vertices[i], laid.vertices[i]));
  for (int i = 0; i < pushes_max && push_all(boxes); ++i) {
  }
  double left = std::numeric_limits<double>::max();
  double top = left;
  for (const box& b : boxes) {
    left = std::min(left, b.middle.x - b.width / 2);
    top = std::min(top, b.middle.y - b.height / 2);
  }
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const box& b = boxes[i];
    auto& vertex = laid.vertices[i];
    const point moved{b.middle.x - left + margin, b.middle.y - top + margin + title_height};
    vertex.at = {moved.x, moved.y - middle_below(vertex.label_above)};
    laid.width = std::max(laid.width, moved.x + b.width / 2 + margin);
    laid.height = std::max(laid.height, moved.y + b.height / 2 + margin);
  }
  return laid;
}

}  // namespace weir::app
