#include "graph/algorithms/landmark_paths.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <vector>

#include "graph/algorithms/hops.hpp"
#include "graph/store.hpp"
#include "tests/graph/random_stream.hpp"
#include "tests/graph/small_graph.hpp"

namespace weir::graph {

TEST_CASE("each vertex knows the landmarks that it reaches, and over how many edges") {
  const store g = graph_of({pay(a, b, 1), pay(b, c, 2), pay(a, c, 3), pay(c, a, 4), pay(c, d, 5)});
  landmark_paths paths({c, d});
  CHECK(paths[a].empty());
  paths.recompute(g);
  CHECK(paths[a] == std::map<vertex_id, std::uint32_t>{{c, 1}, {d, 2}});
  CHECK(paths[c] == std::map<vertex_id, std::uint32_t>{{c, 0}, {d, 1}});
  CHECK(paths[d] == std::map<vertex_id, std::uint32_t>{{d, 0}});
  CHECK(paths[vertex_id{99}].empty());
}

TEST_CASE("they are the hops against the edges from each landmark") {
  random_stream stream({.vertices = 50, .keep_us = 90});
  for (int batch = 0; batch < 30; ++batch) stream.next();
  const std::vector landmarks{vertex_id{3}, vertex_id{20}, vertex_id{49}};
  landmark_paths paths(landmarks);
  paths.recompute(stream.fast());
  for (const vertex_id landmark : landmarks) {
    hops expected({.sources = {landmark}, .along = edge_side::in, .at_most = 100});
    expected.recompute(stream.slow());
    for (std::uint32_t v = 0; v < 50; ++v) {
      const auto reached = paths[vertex_id{v}];
      const auto at = reached.find(landmark);
      REQUIRE((at != reached.end()) == expected[vertex_id{v}].has_value());
      if (at != reached.end()) REQUIRE(at->second == *expected[vertex_id{v}]);
    }
  }
}

}  // namespace weir::graph
