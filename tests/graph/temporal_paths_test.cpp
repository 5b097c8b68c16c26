#include "graph/algorithms/temporal_paths.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "tests/graph/small_graph.hpp"

namespace weir::graph {

TEST_CASE("a path goes forward in time, from its first edge to its last within the stated time") {
  const store g = graph_of({pay(b, c, 1), pay(a, b, 2), pay(b, c, 5), pay(c, d, 12)});
  CHECK(find_path(g, a, d, {.within_us = 10}).edges ==
        std::vector<neighbour>{{a, edge_id{1}}, {b, edge_id{2}}, {c, edge_id{3}}});
  CHECK_FALSE(find_path(g, a, d, {.within_us = 9}));
  CHECK_FALSE(find_path(g, a, d, {.length_max = 2, .within_us = 10}));
  CHECK_FALSE(find_path(g, d, a, {.within_us = 10}));
  CHECK_FALSE(find_path(g.as_of(edge_id{1}, time_us{0}), a, c, {.within_us = 10}));
  CHECK(find_path(g.as_of(edge_id{2}, time_us{0}), a, c, {.within_us = 10}));
}

TEST_CASE("the path with the latest last edge is shown, and of these the shortest") {
  const store g = graph_of({pay(a, c, 1), pay(a, b, 2), pay(b, c, 3), pay(a, d, 4), pay(d, c, 5), pay(a, d, 6)});
  CHECK(find_path(g, a, c, {.within_us = 10}).edges == std::vector<neighbour>{{a, edge_id{3}}, {d, edge_id{4}}});
  CHECK(find_path(g, a, c, {.length_max = 1, .within_us = 10}).edges == std::vector<neighbour>{{a, edge_id{0}}});
}

TEST_CASE("edges of equal time make a path where the stream's order is enough") {
  const store g = graph_of({pay(a, b, 5), pay(b, c, 5)});
  CHECK_FALSE(find_path(g, a, c, {.within_us = 10}));
  CHECK(find_path(g, a, c, {.within_us = 10, .in_order = true}));
}

TEST_CASE("no path leads from a vertex to itself") {
  const store g = graph_of({pay(a, b, 1), pay(b, a, 2), pay(a, a, 3)});
  CHECK_FALSE(find_path(g, a, a, {.within_us = 10}));
}

TEST_CASE("a search for a path that has taken its steps says so") {
  const store g = graph_of({pay(a, d, 0), pay(b, c, 1), pay(c, d, 2), pay(b, c, 3), pay(c, d, 4)});
  CHECK(find_path(g, a, d, {.within_us = 10, .steps_max = 1}).truncated);
  CHECK(find_path(g, a, d, {.within_us = 10, .steps_max = 10}).edges.size() == 1);
}

}  // namespace weir::graph
