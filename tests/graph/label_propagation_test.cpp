#include "graph/algorithms/label_propagation.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "graph/store.hpp"
#include "tests/graph/random_stream.hpp"
#include "tests/graph/small_graph.hpp"
#include "tests/support/naive_states.hpp"

namespace weir::graph {

namespace {

static_assert(incremental<label_propagation, store, delta>);

}  // namespace

TEST_CASE("a label is what most edges lead to, and the least of several") {
  store g({.keep_us = 10});
  label_propagation kept({.rounds = 1});
  CHECK(kept[d] == d);
  CHECK(kept.apply(g, g.apply(std::vector{pay(d, c, 1), pay(b, d, 2), pay(a, a, 3)}, time_us{3})) ==
        std::vector{b, c, d});
  CHECK(kept[a] == a);
  CHECK(kept[d] == b);
  CHECK(kept[b] == d);
  CHECK(kept.apply(g, g.apply(std::vector{pay(d, c, 4)}, time_us{4})) == std::vector{d});
  CHECK(kept[d] == c);
  CHECK(kept.apply(g, g.apply({}, time_us{20})) == std::vector{b, c, d});
  CHECK(kept[c] == c);
}

TEST_CASE("two triangles with one edge between them keep two labels") {
  store g({.keep_us = 100});
  label_propagation kept;
  std::vector<edge_event> edges;
  for (const std::uint32_t base : {0u, 3u}) {
    for (std::uint32_t i = 0; i < 3; ++i) edges.push_back(pay(vertex_id{base + i}, vertex_id{base + (i + 1) % 3}, 1));
  }
  edges.push_back(pay(vertex_id{2}, vertex_id{3}, 2));
  kept.apply(g, g.apply(edges, time_us{2}));
  CHECK(kept[vertex_id{1}] == kept[vertex_id{0}]);
  CHECK(kept[vertex_id{4}] == kept[vertex_id{5}]);
  CHECK(kept[vertex_id{1}] != kept[vertex_id{4}]);
}

TEST_CASE("labels are those of all rounds over all edges while edges come, leave and are taken back") {
  for (const std::size_t rounds : {1u, 2u, 5u, 9u}) {
    random_stream stream({.seed = 3, .vertices = 60, .keep_us = 130, .batch = 4});
    label_propagation kept({.rounds = rounds});
    for (int batch = 0; batch < 120; ++batch) {
      stream.next();
      kept.apply(stream.fast(), stream.changed());
      const auto expected = testing::naive_labels(stream.slow(), rounds);
      for (std::uint32_t v = 0; v < expected.size(); ++v) REQUIRE(kept[vertex_id{v}] == expected[v]);
    }
  }
}

}  // namespace weir::graph
