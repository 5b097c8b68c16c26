#include "graph/algorithms/betweenness.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/betweenness_centrality.hpp>

#include "graph/store.hpp"
#include "tests/graph/small_graph.hpp"

namespace weir::graph {

namespace {

static_assert(incremental<betweenness, store, delta>);

std::vector<edge_event> random_edges(std::uint32_t vertices, std::size_t edges) {
  std::mt19937 random(7);
  std::uniform_int_distribution<std::uint32_t> any(0, vertices - 1);
  std::vector<edge_event> drawn;
  for (std::size_t i = 0; i < edges; ++i) {
    const vertex_id from{any(random)};
    drawn.push_back(pay(from, vertex_id{any(random)}, static_cast<std::int64_t>(i)));
  }
  return drawn;
}

// By the Boost Graph Library, which knows no other graph but the simple one.
std::vector<double> by_boost(const store& g) {
  using simple = boost::adjacency_list<boost::setS, boost::vecS, boost::directedS>;
  simple drawn(g.vertex_count());
  for (const edge& e : g.edges()) {
    if (e.from != e.to) add_edge(static_cast<std::size_t>(e.from), static_cast<std::size_t>(e.to), drawn);
  }
  std::vector<double> found(g.vertex_count());
  boost::brandes_betweenness_centrality(
      drawn, boost::make_iterator_property_map(found.begin(), get(boost::vertex_index, drawn)));
  return found;
}

}  // namespace

TEST_CASE("betweenness counts the shortest ways that lead over a vertex, each pair once") {
  betweenness found;
  found.recompute(graph_of({pay(a, b, 1), pay(b, c, 2), pay(b, c, 3), pay(c, c, 4), pay(c, d, 5)}));
  CHECK(found[a] == 0);
  CHECK(found[b] == 2);
  CHECK(found[c] == 2);
  CHECK(found[d] == 0);
  found.recompute(graph_of({pay(a, b, 1), pay(a, c, 2), pay(b, d, 3), pay(c, d, 4), pay(c, d, 5)}));
  CHECK(found[b] == 0.5);
  CHECK(found[c] == 0.5);
  CHECK(found.error_bound() == 0);
}

TEST_CASE("betweenness is that of the Boost Graph Library") {
  const store g = graph_of(random_edges(60, 200));
  betweenness found;
  found.recompute(g);
  const auto expected = by_boost(g);
  for (std::uint32_t v = 0; v < g.vertex_count(); ++v) CHECK(found[vertex_id{v}] == Approx(expected[v]));
}

TEST_CASE("betweenness from a sample of sources is within its bound, and the same each time") {
  const store g = graph_of(random_edges(400, 990));
  const auto expected = by_boost(g);
  betweenness found({.sources_max = 100});
  found.recompute(g);
  CHECK(found.error_bound() > 0);
  double sum = 0;
  double expected_sum = 0;
  for (std::uint32_t v = 0; v < g.vertex_count(); ++v) {
    CHECK(std::abs(found[vertex_id{v}] - expected[v]) <= found.error_bound());
    sum += found[vertex_id{v}];
    expected_sum += expected[v];
  }
  CHECK(sum == Approx(expected_sum).epsilon(0.1));
  CHECK(found.verify(g));
}

}  // namespace weir::graph
