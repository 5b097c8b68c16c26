#include "graph/algorithms/temporal_cycles.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "graph/store.hpp"
#include "tests/graph/small_graph.hpp"

namespace weir::graph {

namespace {

static_assert(incremental<temporal_cycles, store, delta>);

std::uint64_t cycles_at(const store& g, std::uint64_t last, const cycle_options& options) {
  return find_cycles(g, g.edge_of(edge_id{last}), options, [](cycle_view) { return true; }).found;
}

}  // namespace

TEST_CASE("a cycle ends at its last edge, the last at most the stated time after the first") {
  const store g = graph_of({pay(a, b, 1), pay(b, c, 5), pay(c, a, 11)});
  CHECK(cycles_at(g, 2, {.length_min = 3, .length_max = 3, .within_us = 10}) == 1);
  CHECK(cycles_at(g, 2, {.length_min = 3, .length_max = 3, .within_us = 9}) == 0);
  CHECK(cycles_at(g, 1, {.length_min = 3, .length_max = 3, .within_us = 10}) == 0);
  CHECK(cycles_at(g, 2, {.length_min = 4, .length_max = 6, .within_us = 10}) == 0);
}

TEST_CASE("times strictly increase, unless the stream's order is enough") {
  const store g = graph_of({pay(a, b, 5), pay(b, c, 5), pay(c, a, 5)});
  CHECK(cycles_at(g, 2, {.length_max = 3, .within_us = 10}) == 0);
  CHECK(cycles_at(g, 2, {.length_max = 3, .within_us = 10, .in_order = true}) == 1);
  const store other = graph_of({pay(b, c, 5), pay(a, b, 5), pay(c, a, 5)});
  CHECK(cycles_at(other, 2, {.length_max = 3, .within_us = 10, .in_order = true}) == 0);
}

TEST_CASE("parallel edges make cycles of their own, and no vertex is met twice") {
  const store g = graph_of({pay(a, b, 1), pay(a, b, 2), pay(b, c, 3), pay(c, b, 4), pay(b, a, 5)});
  CHECK(cycles_at(g, 4, {.length_max = 6, .within_us = 10}) == 2);  // not a b c b a
  CHECK(cycles_at(g, 3, {.length_max = 6, .within_us = 10}) == 1);
}

TEST_CASE("a self loop is a cycle of length 1, where that is asked for") {
  const store g = graph_of({pay(a, b, 1), pay(a, a, 2)});
  CHECK(cycles_at(g, 1, {.length_min = 1, .length_max = 3, .within_us = 10}) == 1);
  CHECK(cycles_at(g, 1, {.length_min = 2, .length_max = 3, .within_us = 10}) == 0);
}

TEST_CASE("a cycle is shown by its edges in order, each with the vertex that it leaves") {
  const store g = graph_of({pay(d, b, 0), pay(a, b, 1), pay(b, c, 5), pay(c, a, 11)});
  const closed_cycle found = find_cycle(g, g.edge_of(edge_id{3}), {.length_max = 4, .within_us = 10});
  REQUIRE(found);
  CHECK(found.edges == std::vector<neighbour>{{a, edge_id{1}}, {b, edge_id{2}}, {c, edge_id{3}}});
  CHECK_FALSE(found.truncated);
}

TEST_CASE("a search that has taken its steps says that it is not over") {
  std::vector<edge_event> edges;
  for (std::int64_t at = 0; at < 100; ++at) edges.push_back(pay(a, b, at));
  edges.push_back(pay(b, a, 100));
  const store g = graph_of(edges);
  const auto ignore = [](cycle_view) { return true; };
  const edge last = g.edge_of(edge_id{100});
  const cycle_search all = find_cycles(g, last, {.within_us = 1'000, .steps_max = 100}, ignore);
  CHECK(all.found == 100);
  CHECK_FALSE(all.truncated);
  const cycle_search some = find_cycles(g, last, {.within_us = 1'000, .steps_max = 99}, ignore);
  CHECK(some.found == 99);
  CHECK(some.steps == 99);
  CHECK(some.truncated);
}

TEST_CASE("the cycles of the window go with their first edge, and with any that is taken back") {
  store g({.keep_us = 10});
  temporal_cycles cycles({.length_max = 3, .within_us = 10});
  const auto next = [&](const std::vector<edge_event>& edges, std::int64_t now, std::vector<edge_id> back = {}) {
    return cycles.apply(g, g.apply(edges, time_us{now}, back));
  };
  CHECK(next({pay(a, b, 1), pay(b, a, 2), pay(b, c, 3)}, 3) == std::vector{a, b});
  CHECK(next({pay(c, a, 4), pay(a, b, 5)}, 5) == std::vector{a, b, c});
  CHECK(cycles.size() == 4);  // a b, a b c, b a, b c a
  CHECK(cycles[a] == 4);
  CHECK(cycles[c] == 2);
  CHECK(next({}, 5, {edge_id{3}}) == std::vector{a, b, c});
  CHECK(cycles[a] == 2);
  CHECK(next({}, 12) == std::vector{a, b});
  CHECK(cycles.size() == 1);
  CHECK(cycles.truncated() == 0);
}

}  // namespace weir::graph
