#include "graph/algorithms/triangles.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "graph/store.hpp"
#include "tests/graph/small_graph.hpp"

namespace weir::graph {

namespace {

static_assert(incremental<triangles, store, delta>);

// By the definition: every three vertices.
std::uint64_t triangles_at(const store& g, vertex_id v) {
  const auto together = [&](vertex_id x, vertex_id y) {
    const auto leads_to = [&](vertex_id from, vertex_id to) {
      return std::ranges::any_of(g.out_edges(from), [to](const neighbour& n) { return n.vertex == to; });
    };
    return x != y && (leads_to(x, y) || leads_to(y, x));
  };
  std::uint64_t found = 0;
  for (std::uint32_t x = 0; x < g.vertex_count(); ++x) {
    for (std::uint32_t y = 0; y < x; ++y) {
      if (together(v, vertex_id{x}) && together(v, vertex_id{y}) && together(vertex_id{x}, vertex_id{y})) ++found;
    }
  }
  return found;
}

}  // namespace

TEST_CASE("a triangle counts once, whatever the directions, loops and parallel edges") {
  store g({.keep_us = 10});
  triangles kept;
  const std::vector edges{pay(a, b, 1), pay(b, a, 2), pay(c, b, 2), pay(c, c, 3), pay(a, c, 4), pay(c, d, 5)};
  CHECK(kept.apply(g, g.apply(edges, time_us{5})) == std::vector{a, b, c, d});
  CHECK(kept.count() == 1);
  CHECK(kept[c] == clustering{.degree = 3, .triangles = 1});
  CHECK(kept[c].coefficient() == Approx(1.0 / 3));
  CHECK(kept[a].coefficient() == 1);
  CHECK(kept[d].coefficient() == 0);
  CHECK(kept[vertex_id{99}].coefficient() == 0);
  CHECK(kept.apply(g, g.apply({}, time_us{12})).empty());  // b -> a is still there
  CHECK(kept.apply(g, g.apply({}, time_us{13})) == std::vector{a, b, c});
  CHECK(kept.count() == 0);
}

TEST_CASE("triangles are those of the definition while edges come and go") {
  std::mt19937 random(4);
  store g({.keep_us = 120});
  triangles kept;
  std::int64_t at = 0;
  for (int batch = 0; batch < 40; ++batch) {
    std::vector<edge_event> edges;
    for (int i = 0; i < 12; ++i) {
      const auto any = [&] { return vertex_id{static_cast<std::uint32_t>(random() % 25)}; };
      edges.push_back(pay(any(), any(), ++at));
    }
    const std::vector back{edge_id{static_cast<std::uint64_t>(at) - random() % 100}};
    kept.apply(g, g.apply(edges, time_us{at}, back));
    for (std::uint32_t v = 0; v < 25; ++v) REQUIRE(kept[vertex_id{v}].triangles == triangles_at(g, vertex_id{v}));
    REQUIRE(kept.verify(g));
  }
}

}  // namespace weir::graph
