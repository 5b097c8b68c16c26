#include "apps/weir/graph/sketch.hpp"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "apps/weir/graph/neighbourhood.hpp"
#include "apps/weir/summary.hpp"
#include "apps/weir/text_table.hpp"

namespace weir::app {

namespace {

using graph::vertex_id;

constexpr std::size_t label_columns_max = 18;

/// Edges of a vertex with those of its neighbours that are not drawn.
struct rest_of {
  std::size_t of = 0;  // the vertex's place
  std::uint32_t hops = 0;
  std::size_t vertices = 0;
  counterpart sum;
};

std::uint64_t moved(const counterpart& c) {
  const auto size = [](std::int64_t w) {
    return w < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(w) : static_cast<std::uint64_t>(w);
  };
  return size(c.sent_weight) + size(c.received_weight);
}

void add(counterpart& sum, const counterpart& other) {
  sum.add_sent(other.sent, other.sent_weight);
  sum.add_received(other.received, other.received_weight);
}

class sketcher {
 public:
  sketcher(const named_graph& g, const sketch_options& options) : g_(g), options_(options) {}

  sketch around(vertex_id centre) {
    meet(centre, 0);
    for (std::size_t i = 0; i < ids_.size() && drawn_.vertices[i].hops < options_.hops; ++i) take_neighbours(i);
    for (const rest_of& rest : rests_) add_rest(rest);
    for (std::size_t i = 0; i < ids_.size(); ++i) add_arrows(i);
    drawn_.title = title(centre);
    return std::move(drawn_);
  }

 private:
  void meet(vertex_id v, std::uint32_t hops) {
    place_.emplace(v, ids_.size());
    ids_.push_back(v);
    const auto title = fmt::format("{}: {} edges in, {} out", g_.name(v), grouped(g_.edges.in_degree(v)),
                                   grouped(g_.edges.out_degree(v)));
    drawn_.vertices.push_back({.label = fitted(g_.name(v), label_columns_max), .title = title, .hops = hops});
  }

  // Those that are there already need no place.
  void take_neighbours(std::size_t i) {
    auto others = counterparts_of(g_.edges, ids_[i]);
    std::erase_if(others, [this](const counterpart& c) { return place_.contains(c.vertex); });
    std::ranges::stable_sort(others, [](const auto& a, const auto& b) { return moved(a) > moved(b); });
    const std::size_t free = options_.vertices_max > ids_.size() ? options_.vertices_max - ids_.size() : 0;
    const std::size_t taken = std::min({others.size(), options_.each_max, free});
    const std::uint32_t hops = drawn_.vertices[i].hops + 1;
    for (std::size_t k = 0; k < taken; ++k) meet(others[k].vertex, hops);
    rest_of rest{.of = i, .hops = hops, .vertices = 0, .sum = {}};
    for (std::size_t k = taken; k < others.size(); ++k) left_.push_back({i, others[k]});
    if (taken < others.size()) rests_.push_back(rest);
  }

  // Counted when all that is drawn is known: who was left out at one vertex may have been drawn at another.
  void add_rest(rest_of rest) {
    for (const auto& [at, other] : left_) {
      if (at != rest.of || place_.contains(other.vertex)) continue;
      ++rest.vertices;
      add(rest.sum, other);
    }
    if (rest.vertices == 0) return;
    const std::size_t place = drawn_.vertices.size();
    const auto label = fmt::format("+ {} more", grouped(rest.vertices));
    drawn_.vertices.push_back(
        {.label = label,
         .title = fmt::format("{} neighbours of {} that are not drawn", grouped(rest.vertices), g_.name(ids_[rest.of])),
         .hops = rest.hops,
         .rest = rest.vertices});
    if (rest.sum.sent > 0) add_arrow(rest.of, place, rest.sum.sent, rest.sum.sent_weight);
    if (rest.sum.received > 0) add_arrow(place, rest.of, rest.sum.received, rest.sum.received_weight);
  }

  void add_arrows(std::size_t i) {
    for (const counterpart& other : counterparts_of(g_.edges, ids_[i])) {
      const auto there = place_.find(other.vertex);
      if (other.sent > 0 && there != place_.end()) add_arrow(i, there->second, other.sent, other.sent_weight);
    }
  }

  void add_arrow(std::size_t from, std::size_t to, std::uint64_t edges, std::int64_t weight) {
    sketch_arrow arrow{.from = from, .to = to, .edges = edges, .weight = weight, .label = {}, .title = {}};
    if (g_.has_weights) arrow.label = grouped_weight(weight, g_.digits);
    if (edges > 1) arrow.label = g_.has_weights ? fmt::format("{} in {}", arrow.label, grouped(edges)) : grouped(edges);
    arrow.title = fmt::format("{} to {}: {} edge{}{}{}", drawn_.vertices[from].label, drawn_.vertices[to].label,
                              grouped(edges), edges == 1 ? "" : "s", g_.has_weights ? ", " : "",
                              g_.has_weights ? grouped_weight(weight, g_.digits) : "");
    drawn_.arrows.push_back(std::move(arrow));
  }

  std::string title(vertex_id centre) const {
    const auto edges = g_.edges.edges();
    if (edges.begin() == edges.end()) return g_.name(centre);
    graph::time_us last{};
    const auto first = (*edges.begin()).at;
    for (const graph::edge& e : edges) last = e.at;
    return fmt::format("{}, and {} within {} hop{}; {} to {}", g_.name(centre), grouped(ids_.size() - 1), options_.hops,
                       options_.hops == 1 ? "" : "s", time_text(first), time_text(last));
  }

  const named_graph& g_;
  const sketch_options& options_;
  sketch drawn_;
  std::vector<vertex_id> ids_;  // of the vertices that are no rests, as in drawn_
  std::unordered_map<vertex_id, std::size_t> place_;
  std::vector<rest_of> rests_;
  std::vector<std::pair<std::size_t, counterpart>> left_;
};

}  // namespace

sketch sketch_around(const named_graph& g, graph::vertex_id centre, const sketch_options& options) {
  return sketcher(g, options).around(centre);
}

}  // namespace weir::app
