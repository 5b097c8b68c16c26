#include "graph/algorithms/hops.hpp"

#include <boost/graph/breadth_first_search.hpp>
#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "graph/bgl.hpp"
#include "graph/store.hpp"
#include "tests/graph/small_graph.hpp"

namespace weir::graph {

namespace {

static_assert(incremental<hops, store, delta>);

using number = std::optional<std::uint32_t>;

}  // namespace

TEST_CASE("hops follow the shortest way, and the next one when it is gone") {
  store g({.keep_us = 10});
  hops kept({.sources = {a}, .at_most = 3});
  CHECK(kept[a] == 0);
  const std::vector edges{pay(a, c, 1), pay(a, b, 2), pay(b, c, 3), pay(c, d, 4), pay(d, a, 5)};
  CHECK(kept.apply(g, g.apply(edges, time_us{5})) == std::vector{b, c, d});
  CHECK(kept[d] == 2);
  CHECK(kept.apply(g, g.apply({}, time_us{12})) == std::vector{c, d});
  CHECK(kept[c] == 2);
  CHECK(kept[d] == 3);
  CHECK(kept.apply(g, g.apply({}, time_us{12}, std::vector{edge_id{2}})) == std::vector{c, d});
  CHECK(kept[c] == number{});
  CHECK(kept[a] == 0);
}

TEST_CASE("who is further than the limit is not reached, ways may be against the edges, or along and against") {
  store g({.keep_us = 10});
  hops out({.sources = {a}, .at_most = 1});
  hops in({.sources = {a, d}, .along = edge_side::in, .at_most = 5});
  hops either({.sources = {c}, .along = edge_side::either, .at_most = 5});
  const delta& change = g.apply(std::vector{pay(a, b, 1), pay(b, c, 2), pay(d, c, 3)}, time_us{3});
  out.apply(g, change);
  in.apply(g, change);
  either.apply(g, change);
  CHECK(out[c] == number{});
  CHECK(in[c] == number{});
  CHECK(in[d] == 0);
  CHECK(either[a] == 2);
  CHECK(either[d] == 1);
}

TEST_CASE("hops are the distances of a breadth first search") {
  std::mt19937 random(9);
  store g({.keep_us = 100});
  hops kept({.sources = {a}, .at_most = ~0u});  // no limit
  std::int64_t at = 0;
  for (int batch = 0; batch < 50; ++batch) {
    std::vector<edge_event> edges;
    for (int i = 0; i < 10; ++i) {
      const auto any = [&] { return vertex_id{static_cast<std::uint32_t>(random() % 60)}; };
      edges.push_back(pay(any(), any(), ++at));
    }
    kept.apply(g, g.apply(edges, time_us{at}));
    std::vector<std::uint32_t> expected(g.vertex_count());
    const auto map = boost::make_iterator_property_map(expected.begin(), get(boost::vertex_index, g));
    boost::breadth_first_search(
        g, a, boost::visitor(boost::make_bfs_visitor(boost::record_distances(map, boost::on_tree_edge()))));
    for (std::uint32_t v = 1; v < g.vertex_count(); ++v) {
      REQUIRE(kept[vertex_id{v}].value_or(0) == expected[v]);
    }
  }
}

}  // namespace weir::graph
