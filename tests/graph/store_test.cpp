#include "graph/store.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "tests/support/naive_graph.hpp"

namespace weir::graph {

namespace {

static_assert(std::ranges::random_access_range<ring_view> && std::ranges::sized_range<ring_view>);
static_assert(std::ranges::borrowed_range<ring_view>);

constexpr vertex_id a{0};
constexpr vertex_id b{1};
constexpr vertex_id c{2};

edge_event pay(vertex_id from, vertex_id to, std::int64_t at, std::int64_t weight = 1) {
  return {from, to, time_us{at}, weight};
}

std::vector<std::uint64_t> ids(const auto& edges) {
  std::vector<std::uint64_t> all;
  for (const auto& e : edges) all.push_back(static_cast<std::uint64_t>(e.id));
  return all;
}

std::vector<std::uint64_t> places(const ring_view& ring) {
  std::vector<std::uint64_t> all;
  for (const neighbour n : ring) all.push_back(static_cast<std::uint64_t>(n.edge));
  return all;
}

vertex_id any_of(std::uint32_t vertices, std::mt19937& random) {
  return vertex_id{static_cast<std::uint32_t>(random() % vertices)};
}

using numbers = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("an edge exactly as old as the window is in, one microsecond older is not") {
  store g({.keep_us = 10});
  g.apply(std::vector{pay(a, b, 100), pay(a, b, 101)}, time_us{101});
  CHECK(g.apply({}, time_us{110}).empty());
  CHECK(ids(g.apply({}, time_us{111}).expired()) == numbers{0});
  CHECK(g.edge_count() == 1);
  CHECK(places(g.out_edges(a)) == numbers{1});
}

TEST_CASE("parallel edges and self loops are edges, in the stream's order") {
  store g({.keep_us = 10});
  g.apply(std::vector{pay(a, b, 1, 5), pay(a, a, 1, 6), pay(a, b, 1, 7)}, time_us{1});
  CHECK(places(g.out_edges(a)) == numbers{0, 1, 2});
  CHECK(places(g.in_edges(a)) == numbers{1});
  CHECK(places(g.in_edges(b)) == numbers{0, 2});
  CHECK(g.edge_of(edge_id{2}) == edge{edge_id{2}, a, b, time_us{1}, 7});
}

TEST_CASE("an edge taken back leaves both rings, and its id is not given again") {
  store g({.keep_us = 10});
  g.apply(std::vector{pay(a, b, 1), pay(a, c, 2), pay(a, b, 3)}, time_us{3});
  const std::vector back{edge_id{1}, edge_id{1}, edge_id{77}};
  CHECK(ids(g.apply({}, time_us{3}, back).retracted()) == numbers{1});
  CHECK(places(g.out_edges(a)) == numbers{0, 2});
  CHECK(g.in_degree(c) == 0);
  CHECK(g.edge_count() == 2);
  CHECK_FALSE(g.contains(edge_id{1}));
  CHECK(ids(g.edges()) == numbers{0, 2});
  CHECK(g.next_edge() == edge_id{3});
  CHECK(ids(g.apply({}, time_us{20}).expired()) == numbers{0, 2});
}

TEST_CASE("what comes and leaves with one batch is not in its change") {
  store g({.keep_us = 10});
  const std::vector back{edge_id{1}};
  const delta& changed = g.apply(std::vector{pay(a, b, 1), pay(b, c, 95), pay(c, a, 99)}, time_us{100}, back);
  CHECK(ids(changed.inserted()) == numbers{2});
  CHECK(changed.expired().empty());
  CHECK(changed.retracted().empty());
}

TEST_CASE("as of an edge, later ones of the same time are not there yet") {
  store g({.keep_us = 100});
  g.apply(std::vector{pay(a, b, 1), pay(a, b, 5), pay(a, c, 5), pay(a, b, 9)}, time_us{9});
  const as_of_view then = g.as_of(edge_id{1}, time_us{5});
  CHECK(places(then.out_edges(a)) == numbers{1});
  CHECK(then.in_degree(c) == 0);
  CHECK(then.edge_count() == 1);
  CHECK(g.as_of(edge_id{0}, time_us{5}).edge_count() == 0);
}

TEST_CASE("ids may be far apart") {
  store g({.keep_us = 10});
  const vertex_id far{4'000'000'000};
  g.apply(std::vector{pay(a, far, 1)}, time_us{1});
  CHECK(g.vertex_count() == 4'000'000'001);
  CHECK(places(g.in_edges(far)) == numbers{0});
  CHECK(g.out_degree(vertex_id{3'000'000'000}) == 0);
  CHECK(g.bytes() < std::size_t{32} << 20);
}

TEST_CASE("times hours apart and weights of any size come back as they were") {
  store g({.keep_us = std::int64_t{1} << 62});
  std::vector<edge_event> edges;
  for (std::int64_t i = 0; i < 40'000; ++i) {
    const bool wide = i / 16'384 == 1;  // the second block of the log
    edges.push_back(pay(a, b, wide ? i * 1'000'000'000 : i, wide ? -(i << 40) : i));
    if (i / 16'384 == 2) edges.back().at = time_us{std::int64_t{1} << 60};
  }
  g.apply(edges, time_us{0});
  std::size_t i = 0;
  for (const edge& e : g.edges()) {
    const edge_event& was = edges[i++];
    REQUIRE(e.at == was.at);
    REQUIRE(e.weight == was.weight);
  }
  CHECK(i == edges.size());
}

TEST_CASE("a store that is moved goes on") {
  store first({.keep_us = 10});
  first.apply(std::vector{pay(a, b, 1), pay(a, c, 1)}, time_us{1});
  store g = std::move(first);
  g.apply(std::vector{pay(a, b, 2), pay(a, c, 2), pay(a, b, 3)}, time_us{12});
  CHECK(places(g.out_edges(a)) == numbers{2, 3, 4});
}

TEST_CASE("many edges come, leave and are taken back, and the store is its twin") {
  store fast({.keep_us = 30'000});
  testing::naive_graph slow(30'000);
  std::mt19937 random(5);
  std::int64_t at = 0;
  for (int batch = 0; batch < 60; ++batch) {
    std::vector<edge_event> edges;
    for (int i = 0; i < 2'000; ++i) {
      const vertex_id from = random() % 3 == 0 ? vertex_id{7} : any_of(400, random);
      edges.push_back(pay(from, any_of(50, random), ++at));
    }
    const std::vector back{edge_id{static_cast<std::uint64_t>(at) - random() % 5'000}};
    fast.apply(edges, time_us{at}, back);
    slow.apply(edges, time_us{at}, back);
    if (batch % 10 != 9) continue;
    for (std::uint32_t v = 0; v < 400; v += 7) {
      REQUIRE(std::ranges::equal(fast.out_edges(vertex_id{v}), slow.out_edges(vertex_id{v})));
      REQUIRE(std::ranges::equal(fast.in_edges(vertex_id{v}), slow.in_edges(vertex_id{v})));
    }
    REQUIRE(std::ranges::equal(fast.edges(), slow.edges()));
  }
  CHECK(fast.apply({}, time_us{at * 2}).expired() == slow.apply({}, time_us{at * 2}).expired());
  CHECK(fast.edge_count() == 0);
}

TEST_CASE("a graph that shrank holds no more than its peak, and grows again in the same memory") {
  store g({.keep_us = 1'000'000});
  std::mt19937 random(5);
  const auto fill = [&](std::int64_t start) {
    std::vector<edge_event> edges;
    for (int i = 0; i < 300'000; ++i) {
      edges.push_back(pay(any_of(5'000, random), any_of(5'000, random), start));
    }
    g.apply(edges, time_us{start});
  };
  fill(0);
  const std::size_t peak = g.bytes();
  for (std::int64_t round = 1; round < 6; ++round) {
    g.apply({}, time_us{round * 10'000'000 - 1});
    REQUIRE(g.edge_count() == 0);
    fill(round * 10'000'000);
  }
  CHECK(g.bytes() <= peak + peak / 8);
}

}  // namespace weir::graph
