#include "graph/algorithms/fan_patterns.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "graph/store.hpp"
#include "tests/graph/small_graph.hpp"

namespace weir::graph {

namespace {

constexpr vertex_id source{0};
constexpr vertex_id sink{9};

vertex_id middleman(std::uint32_t i) { return vertex_id{i}; }

edge last_of(const store& g) { return g.edge_of(edge_id{static_cast<std::uint64_t>(g.next_edge()) - 1}); }

std::vector<edge_id> ids(std::initializer_list<std::uint64_t> numbers) {
  std::vector<edge_id> all;
  for (const std::uint64_t n : numbers) all.push_back(edge_id{n});
  return all;
}

}  // namespace

TEST_CASE("scatter and gather: a source reaches a sink over so many middlemen, each paid before it pays") {
  const store g = graph_of({pay(source, middleman(1), 1), pay(source, middleman(2), 2), pay(middleman(1), sink, 3),
                            pay(middleman(2), sink, 11)});
  const auto found = find_scatter_gather(g, last_of(g), {.width_min = 2, .within_us = 10});
  CHECK(found.edges == ids({0, 1, 2, 3}));
  CHECK_FALSE(find_scatter_gather(g, last_of(g), {.width_min = 2, .within_us = 9}));
  CHECK_FALSE(find_scatter_gather(g, last_of(g), {.width_min = 3, .within_us = 10}));
  CHECK_FALSE(find_scatter_gather(g, g.edge_of(edge_id{2}), {.width_min = 2, .within_us = 10}));
}

TEST_CASE("a middleman that is paid at the time that it pays, or after, does not count") {
  const store g = graph_of({pay(source, middleman(1), 1), pay(source, middleman(2), 4), pay(middleman(2), sink, 4),
                            pay(source, middleman(2), 5), pay(middleman(1), sink, 6)});
  CHECK_FALSE(find_scatter_gather(g, last_of(g), {.width_min = 2, .within_us = 10}));
  CHECK(find_scatter_gather(g, last_of(g), {.width_min = 1, .within_us = 10}).edges == ids({0, 4}));
}

TEST_CASE("gather and scatter: paid by so many, and then pays as many others") {
  const vertex_id hub{5};
  const std::vector<edge_event> edges{pay(hub, middleman(3), 0), pay(middleman(1), hub, 1), pay(middleman(2), hub, 2),
                                      pay(hub, middleman(3), 2), pay(hub, middleman(1), 3), pay(hub, middleman(4), 11)};
  const store g = graph_of(edges);
  CHECK(find_gather_scatter(g, last_of(g), {.width_min = 2, .within_us = 10}).edges == ids({1, 2, 4, 5}));
  CHECK_FALSE(find_gather_scatter(g, last_of(g), {.width_min = 3, .within_us = 20}));
  CHECK_FALSE(find_gather_scatter(g, last_of(g), {.width_min = 2, .within_us = 9}));
  CHECK_FALSE(find_gather_scatter(g, g.edge_of(edge_id{4}), {.width_min = 2, .within_us = 10}));
}

TEST_CASE("a search for a wide pattern that has taken its steps says so") {
  const store g = graph_of({pay(source, middleman(1), 1), pay(source, middleman(2), 2), pay(middleman(1), sink, 3),
                            pay(middleman(2), sink, 11)});
  CHECK(find_scatter_gather(g, last_of(g), {.width_min = 2, .within_us = 10, .steps_max = 3}).truncated);
  CHECK_FALSE(find_scatter_gather(g, last_of(g), {.width_min = 2, .within_us = 10, .steps_max = 4}).truncated);
  CHECK(find_gather_scatter(g, last_of(g), {.width_min = 1, .within_us = 10, .steps_max = 1}).truncated);
}

}  // namespace weir::graph
