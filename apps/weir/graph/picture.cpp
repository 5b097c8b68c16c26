#include "apps/weir/graph/picture.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "graph/export.hpp"

namespace weir::app {

namespace {

using graph::detail::xml_text;

constexpr double arrow_length = 9;
constexpr double small_letter_width = 5.4;
constexpr double small_letter_height = 11;

constexpr auto style = R"(<style>
  text { font-family: "DejaVu Sans", Verdana, sans-serif; font-size: 11px; fill: #22313f; text-anchor: middle;
         paint-order: stroke; stroke: #ffffff; stroke-width: 3px; stroke-linejoin: round }
  .title { font-size: 13px; text-anchor: start; font-weight: bold }
  .weight { font-size: 9px; fill: #5b4a2f }
  .arrow { fill: none; stroke: #b08a4a; stroke-opacity: 0.75 }
  .paper { fill: #ffffff; fill-opacity: 0.8 }
  .head { fill: #8d6b2f }
  circle { stroke: #ffffff; stroke-width: 1.5px; fill: #7fa6c9 }
  .near { fill: #30638e } .centre { fill: #c8414b } .rest { fill: #eceff1; stroke: #78909c; stroke-dasharray: 3 2 }
</style>
)";

/// A curve from one vertex to another, from edge to edge of their circles.
struct curve {
  point from;
  point bend;
  point to;

  point at(double t) const {
    const double s = 1 - t;
    return {s * s * from.x + 2 * s * t * bend.x + t * t * to.x, s * s * from.y + 2 * s * t * bend.y + t * t * to.y};
  }
};

point towards(point from, point to, double distance) {
  const double dx = to.x - from.x;
  const double dy = to.y - from.y;
  const double length = std::max(1e-9, std::hypot(dx, dy));
  return {from.x + dx / length * distance, from.y + dy / length * distance};
}

/// Bent aside where another arrow comes the other way.
curve curve_of(point a, point b, bool both_ways) {
  const double aside = both_ways ? 0.14 : 0;
  const point middle{(a.x + b.x) / 2 - (b.y - a.y) * aside, (a.y + b.y) / 2 + (b.x - a.x) * aside};
  return {towards(a, middle, vertex_radius + 1), middle, towards(b, middle, vertex_radius + arrow_length + 1)};
}

std::string curve_path(const curve& c) {
  return fmt::format("M{:.1f} {:.1f} Q{:.1f} {:.1f} {:.1f} {:.1f}", c.from.x, c.from.y, c.bend.x, c.bend.y, c.to.x,
                     c.to.y);
}

/// The tip is where the curve would go on to.
std::string head_path(point base, point before, double width) {
  const point tip = towards(base, {2 * base.x - before.x, 2 * base.y - before.y}, arrow_length);
  const double half = 3.2 + width / 2;
  const double dx = (tip.x - base.x) / arrow_length * half;
  const double dy = (tip.y - base.y) / arrow_length * half;
  return fmt::format("M{:.1f} {:.1f} L{:.1f} {:.1f} L{:.1f} {:.1f} Z", tip.x, tip.y, base.x - dy, base.y + dx,
                     base.x + dy, base.y - dx);
}

class painter {
 public:
  explicit painter(const sketch& drawn) : drawn_(drawn), laid_(lay_out(drawn)) {
    for (const auto& arrow : drawn.arrows) {
      pairs_.emplace(arrow.from, arrow.to);
      greatest_ = std::max(greatest_, size_of(arrow));
    }
    for (std::size_t i = 0; i < drawn.vertices.size(); ++i) {
      taken_.push_back(box_of(drawn.vertices[i], laid_.vertices[i]));
    }
  }

  std::string svg() {
    std::string arrows;
    std::string labels;
    for (const auto& arrow : by_size()) {
      if (arrow.from == arrow.to) {
        add_loop(arrow, arrows, labels);
      } else {
        add_arrow(arrow, arrows, labels);
      }
    }
    const double width = std::max(laid_.width, 80 + 7.5 * static_cast<double>(drawn_.title.size()));
    return fmt::format(
               "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" viewBox=\"0 0 {0:.0f} "
               "{1:.0f}\">\n{2}<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n",
               width, laid_.height, style) +
           arrows + vertices() + labels +
           fmt::format("<text class=\"title\" x=\"20\" y=\"26\">{}</text>\n</svg>\n", xml_text(drawn_.title));
  }

 private:
  static double size_of(const sketch_arrow& arrow) {
    return arrow.weight == 0 ? static_cast<double>(arrow.edges) * 1e-9 : std::abs(static_cast<double>(arrow.weight));
  }
  double width_of_line(const sketch_arrow& arrow) const {
    return 1 + 5 * std::sqrt(greatest_ > 0 ? size_of(arrow) / greatest_ : 0);
  }

  // The greatest weights find a place for their numbers first.
  std::vector<sketch_arrow> by_size() const {
    auto sorted = drawn_.arrows;
    std::ranges::stable_sort(sorted, [](const auto& a, const auto& b) { return size_of(a) > size_of(b); });
    return sorted;
  }

  void add_arrow(const sketch_arrow& arrow, std::string& arrows, std::string& labels) {
    const auto c =
        curve_of(laid_.vertices[arrow.from].at, laid_.vertices[arrow.to].at, pairs_.contains({arrow.to, arrow.from}));
    const double width = width_of_line(arrow);
    arrows += fmt::format("<g><title>{}</title><path class=\"arrow\" stroke-width=\"{:.1f}\" d=\"{}\"/>",
                          xml_text(arrow.title), width, curve_path(c));
    arrows += fmt::format("<path class=\"head\" d=\"{}\"/></g>\n", head_path(c.to, c.at(0.9), width));
    if (arrow.label.empty()) return;
    for (const double t : {0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.2, 0.8}) {
      if (add_label(arrow.label, c.at(t), labels)) return;
    }
  }

  void add_loop(const sketch_arrow& arrow, std::string& arrows, std::string& labels) {
    const point v = laid_.vertices[arrow.from].at;
    const double width = width_of_line(arrow);
    arrows += fmt::format(
        "<g><title>{}</title><path class=\"arrow\" stroke-width=\"{:.1f}\" d=\"M{:.1f} {:.1f} C{:.1f} {:.1f} {:.1f} "
        "{:.1f} "
        "{:.1f} {:.1f}\"/>",
        xml_text(arrow.title), width, v.x - 8, v.y - 11, v.x - 26, v.y - 44, v.x + 26, v.y - 44, v.x + 12, v.y - 19);
    arrows += fmt::format("<path class=\"head\" d=\"{}\"/></g>\n",
                          head_path({v.x + 12, v.y - 19}, {v.x + 16, v.y - 27}, width));
    if (!arrow.label.empty()) add_label(arrow.label, {v.x, v.y - 42}, labels);
  }

  // False where there is no room: it is told to who points at the arrow.
  bool add_label(const std::string& label, point at, std::string& labels) {
    const box wanted{
        .middle = at, .width = width_of(label) * small_letter_width / letter_width + 2, .height = small_letter_height};
    const auto meets = [&](const box& other) { return wanted.meets(other); };
    if (std::ranges::any_of(taken_, meets)) return false;
    taken_.push_back(wanted);
    labels +=
        fmt::format("<rect class=\"paper\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" rx=\"2\"/>\n",
                    at.x - wanted.width / 2, at.y - wanted.height / 2, wanted.width, wanted.height);
    labels +=
        fmt::format("<text class=\"weight\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", at.x, at.y + 3.2, xml_text(label));
    return true;
  }

  static const char* class_of(const sketch_vertex& v) {
    if (v.rest > 0) return " class=\"rest\"";
    if (v.hops == 0) return " class=\"centre\"";
    return v.hops == 1 ? " class=\"near\"" : "";
  }

  std::string vertices() const {
    std::string text;
    for (std::size_t i = 0; i < drawn_.vertices.size(); ++i) {
      const auto& v = drawn_.vertices[i];
      const auto& [at, label_above] = laid_.vertices[i];
      const double label_y = at.y + (label_above ? -vertex_radius - 4 : vertex_radius + 11);
      text += fmt::format(
          "<g><title>{}</title><circle{} cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{}\"/><text x=\"{:.1f}\" "
          "y=\"{:.1f}\">{}</text></g>\n",
          xml_text(v.title), class_of(v), at.x, at.y, vertex_radius, at.x, label_y, xml_text(v.label));
    }
    return text;
  }

  const sketch& drawn_;
  layout laid_;
  std::set<std::pair<std::size_t, std::size_t>> pairs_;
  double greatest_ = 0;
  std::vector<box> taken_;  // by vertices, and labels so far
};

}  // namespace

std::string as_svg(const sketch& drawn) { return painter(drawn).svg(); }

}  // namespace weir::app
