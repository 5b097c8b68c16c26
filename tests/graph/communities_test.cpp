#include "graph/algorithms/communities.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "graph/store.hpp"
#include "tests/graph/random_stream.hpp"
#include "tests/graph/small_graph.hpp"

namespace weir::graph {

namespace {

static_assert(incremental<communities, store, delta>);

void connect_all(std::vector<edge_event>& edges, std::uint32_t first, std::uint32_t count) {
  for (std::uint32_t v = 0; v < count; ++v) {
    for (std::uint32_t w = 0; w < v; ++w) edges.push_back(pay(vertex_id{first + v}, vertex_id{first + w}, 1));
  }
}

// Groups of ten, each connected with the next by one edge: a ring.
std::vector<edge_event> ring_of_groups(std::uint32_t groups) {
  std::vector<edge_event> edges;
  for (std::uint32_t i = 0; i < groups; ++i) {
    connect_all(edges, 10 * i, 10);
    edges.push_back(pay(vertex_id{10 * i}, vertex_id{10 * ((i + 1) % groups) + 1}, 1));
  }
  return edges;
}

}  // namespace

TEST_CASE("groups that are connected among themselves are communities") {
  store g({.keep_us = 100});
  communities kept;
  const auto changed = kept.apply(g, g.apply(ring_of_groups(6), time_us{1}));
  CHECK(changed.size() == 54);  // all but those whose own number it is
  for (std::uint32_t v = 0; v < 60; ++v) {
    CHECK(kept.size_of(vertex_id{v}) == 10);
    CHECK((kept[vertex_id{v}] == kept[vertex_id{v / 10 * 10 + 3}]));
  }
  CHECK(kept.modularity(g) == Approx(270.0 / 276 - 6 * (1.0 / 36)));
  CHECK(kept.verify(g));
}

TEST_CASE("who gets more edges to another community goes there") {
  store g({.keep_us = 1'000});
  communities kept({.afresh_after = 1'000});
  kept.recompute(g);
  auto edges = ring_of_groups(2);
  kept.apply(g, g.apply(edges, time_us{1}));
  kept.recompute(g);
  std::vector<edge_event> moves;
  for (std::uint32_t v = 10; v < 20; ++v) moves.insert(moves.end(), 3, pay(vertex_id{5}, vertex_id{v}, 2));
  const auto changed = kept.apply(g, g.apply(moves, time_us{2}));
  CHECK(changed == std::vector{vertex_id{5}});
  CHECK(kept[vertex_id{5}] == kept[vertex_id{15}]);
  CHECK(kept.verify(g));
  std::vector<edge_id> back;  // the edges of vertex 0 to its group, and its edge to the other stays
  for (std::size_t i = 0; i < edges.size(); ++i) {
    const auto from = static_cast<std::uint32_t>(edges[i].from);
    const auto to = static_cast<std::uint32_t>(edges[i].to);
    if ((from == 0 || to == 0) && from < 10 && to < 10) back.push_back(edge_id{i});
  }
  kept.apply(g, g.apply({}, time_us{2}, back));
  CHECK(kept[vertex_id{0}] != kept[vertex_id{1}]);
  CHECK(kept.verify(g));
}

TEST_CASE("a community is split when the vertex that held it together has left") {
  store g({.keep_us = 1'000});
  communities kept({.afresh_after = 1'000});
  std::vector<edge_event> star;
  for (std::uint32_t v = 1; v < 8; ++v) star.push_back(pay(vertex_id{0}, vertex_id{v}, 1));
  kept.apply(g, g.apply(star, time_us{1}));
  kept.recompute(g);
  REQUIRE(kept.size_of(vertex_id{0}) == 8);
  std::vector<edge_id> back;
  for (std::size_t i = 0; i < 5; ++i) back.push_back(edge_id{i});
  kept.apply(g, g.apply({}, time_us{1}, back));
  CHECK(kept.size_of(vertex_id{0}) == 3);
  CHECK(kept.size_of(vertex_id{1}) == 1);
  CHECK(kept.verify(g));
}

TEST_CASE("communities stay connected and nearly as good as a fresh start's while edges come and go") {
  for (const std::uint32_t vertices : {15u, 60u, 150u}) {
    for (const std::int64_t keep : {2, 5}) {
      random_stream stream({.seed = vertices, .vertices = vertices, .keep_us = keep * vertices});
      communities kept;
      for (int batch = 0; batch < 200; ++batch) {
        stream.next();
        kept.apply(stream.fast(), stream.changed());
        REQUIRE(kept.verify(stream.slow()));
        communities afresh;
        afresh.recompute(stream.fast());
        REQUIRE(afresh.verify(stream.slow()));
        REQUIRE(kept.modularity(stream.fast()) > afresh.modularity(stream.fast()) - 0.1);
      }
    }
  }
}

TEST_CASE("planted communities are found while their edges are replaced") {
  std::mt19937 random(11);
  store g({.keep_us = 4'000});
  communities kept;
  std::int64_t at = 0;
  for (int batch = 0; batch < 400; ++batch) {
    std::vector<edge_event> edges;
    for (int i = 0; i < 50; ++i) {
      const std::uint32_t from = random() % 400;
      const bool inside = random() % 10 != 0;
      const std::uint32_t to = inside ? from / 40 * 40 + random() % 40 : random() % 400;
      edges.push_back(pay(vertex_id{from}, vertex_id{to}, ++at));
    }
    kept.apply(g, g.apply(edges, time_us{at}));
    if (batch < 100 || batch % 20 != 0) continue;
    REQUIRE(kept.verify(g));
    REQUIRE(kept.modularity(g) > 0.75);  // some 0.81 is planted
  }
}

TEST_CASE("the same batches give the same communities") {
  random_stream one({.seed = 2, .vertices = 80, .keep_us = 300});
  random_stream two({.seed = 2, .vertices = 80, .keep_us = 300});
  communities first;
  communities second;
  for (int batch = 0; batch < 100; ++batch) {
    one.next();
    two.next();
    REQUIRE(first.apply(one.fast(), one.changed()) == second.apply(two.fast(), two.changed()));
    for (std::uint32_t v = 0; v < 80; ++v) REQUIRE(first[vertex_id{v}] == second[vertex_id{v}]);
  }
}

}  // namespace weir::graph
