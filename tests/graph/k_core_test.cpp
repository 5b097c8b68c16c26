#include "graph/algorithms/k_core.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "graph/store.hpp"
#include "tests/graph/random_stream.hpp"
#include "tests/graph/small_graph.hpp"
#include "tests/support/naive_states.hpp"

namespace weir::graph {

namespace {

static_assert(incremental<k_core, store, delta>);

}  // namespace

TEST_CASE("a triangle is a core of two, whatever the directions, loops and parallel edges") {
  store g({.keep_us = 10});
  k_core kept;
  const std::vector edges{pay(a, b, 1), pay(b, a, 2), pay(c, b, 2), pay(c, c, 3), pay(a, c, 4), pay(c, d, 5)};
  CHECK(kept.apply(g, g.apply(edges, time_us{5})) == std::vector{a, b, c, d});
  CHECK(kept[a] == 2);
  CHECK(kept[d] == 1);
  CHECK(kept[vertex_id{99}] == 0);
  CHECK(kept.apply(g, g.apply({}, time_us{12})).empty());  // b -> a is still there
  CHECK(kept.apply(g, g.apply({}, time_us{13})) == std::vector{a, b, c});
  CHECK(kept[c] == 1);
  CHECK(kept.apply(g, g.apply(std::vector{pay(b, a, 13)}, time_us{13}, std::vector{edge_id{5}})) == std::vector{b, d});
  CHECK(kept[d] == 0);
}

TEST_CASE("core numbers are those that stripping finds while edges come, leave and are taken back") {
  for (const std::uint32_t vertices : {12u, 40u, 120u}) {
    random_stream stream({.seed = vertices, .vertices = vertices, .keep_us = 200});
    k_core kept;
    for (int batch = 0; batch < 150; ++batch) {
      stream.next();
      kept.apply(stream.fast(), stream.changed());
      const auto expected = testing::naive_core_numbers(stream.slow());
      for (std::uint32_t v = 0; v < vertices; ++v)
        REQUIRE(kept[vertex_id{v}] == (v < expected.size() ? expected[v] : 0));
    }
  }
}

TEST_CASE("core numbers of many vertices follow a stream edge by edge") {
  random_stream stream({.seed = 5, .vertices = 2'000, .keep_us = 12'000, .batch = 20});
  k_core kept;
  for (int batch = 0; batch < 1'200; ++batch) {
    stream.next();
    kept.apply(stream.fast(), stream.changed());
    if (batch % 100 == 99) REQUIRE(kept.verify(stream.fast()));
  }
}

}  // namespace weir::graph
