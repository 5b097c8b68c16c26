// Algorithms of the Boost Graph Library on the store as they are, and on an adjacency_list with the same edges.
#include "graph/bgl.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/betweenness_centrality.hpp>
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/connected_components.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <boost/graph/graph_concepts.hpp>
#include <boost/graph/page_rank.hpp>
#include <boost/graph/strong_components.hpp>
#include <catch2/catch.hpp>
#include <random>
#include <vector>

namespace weir::graph {

namespace {

template <class G>
struct is_model {
  BOOST_CONCEPT_ASSERT((boost::VertexListGraphConcept<G>));
  BOOST_CONCEPT_ASSERT((boost::EdgeListGraphConcept<G>));
  BOOST_CONCEPT_ASSERT((boost::IncidenceGraphConcept<G>));
  BOOST_CONCEPT_ASSERT((boost::BidirectionalGraphConcept<G>));
  BOOST_CONCEPT_ASSERT((boost::AdjacencyGraphConcept<G>));
  BOOST_CONCEPT_ASSERT((boost::ReadablePropertyGraphConcept<G, vertex_id, boost::vertex_index_t>));
  BOOST_CONCEPT_ASSERT((boost::ReadablePropertyGraphConcept<G, bgl::edge_descriptor, boost::edge_weight_t>));
  BOOST_CONCEPT_ASSERT((boost::ReadablePropertyGraphConcept<G, bgl::edge_descriptor, edge_time_t>));
};
template struct is_model<store>;
template struct is_model<as_of_view>;
template struct is_model<undirected_view<store>>;
template struct is_model<undirected_view<as_of_view>>;

using weighted = boost::property<boost::edge_weight_t, std::int64_t>;
using listed = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS, boost::no_property, weighted>;
using listed_undirected =
    boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS, boost::no_property, weighted>;

constexpr std::size_t vertices_drawn = 60;

// A stream long enough for a part of it to have expired, with loops and parallel edges.
store random_store(unsigned seed) {
  std::mt19937 random(seed);
  store g({.keep_us = 90});
  std::vector<edge_event> edges;
  for (std::int64_t at = 0; at < 200; ++at) {
    const auto any = [&](std::size_t n) { return vertex_id{static_cast<std::uint32_t>(random() % n)}; };
    edges.push_back({any(vertices_drawn), any(20), time_us{at}, 1 + static_cast<std::int64_t>(random() % 9)});
  }
  g.apply(edges, time_us{200});
  return g;
}

template <class Listed>
Listed list_of(const auto& g) {
  Listed same(g.vertex_count());
  for (const edge& e : g.edges()) {
    boost::add_edge(static_cast<std::size_t>(e.from), static_cast<std::size_t>(e.to), weighted(e.weight), same);
  }
  return same;
}

template <class Value>
auto map_of(std::vector<Value>& values, const auto& g) {
  values.resize(num_vertices(g));
  return boost::make_iterator_property_map(values.begin(), get(boost::vertex_index, g));
}

std::vector<int> components_of(const auto& g) {
  std::vector<int> component;
  boost::connected_components(g, map_of(component, g));
  return component;
}

std::vector<int> strong_components_of(const auto& g) {
  std::vector<int> component;
  boost::strong_components(g, map_of(component, g));
  return component;
}

std::vector<std::int64_t> distances_of(const auto& g) {
  std::vector<std::int64_t> distance;
  boost::dijkstra_shortest_paths(g, *vertices(g).first, boost::distance_map(map_of(distance, g)));
  return distance;
}

std::vector<double> page_ranks_of(const auto& g) {
  std::vector<double> rank;
  boost::graph::page_rank(g, map_of(rank, g), boost::graph::n_iterations(30));
  return rank;
}

std::vector<double> betweenness_of(const auto& g) {
  std::vector<double> centrality;
  boost::brandes_betweenness_centrality(g, map_of(centrality, g));
  return centrality;
}

bool close(const std::vector<double>& a, const std::vector<double>& b) {
  return std::ranges::equal(a, b, [](double x, double y) { return std::abs(x - y) <= 1e-9 * (1 + std::abs(y)); });
}

// Names of components depend on the order in which edges are walked: what counts is who is with whom.
std::vector<int> by_first_member(std::vector<int> component) {
  std::vector<int> first(component.size() + 1, -1);
  for (std::size_t v = 0; v < component.size(); ++v) {
    int& named = first[static_cast<std::size_t>(component[v])];
    if (named < 0) named = static_cast<int>(v);
    component[v] = named;
  }
  return component;
}

void same_answers(const auto& g) {
  const auto same = list_of<listed>(g);
  CHECK(distances_of(g) == distances_of(same));
  CHECK(by_first_member(strong_components_of(g)) == by_first_member(strong_components_of(same)));
  CHECK(close(page_ranks_of(g), page_ranks_of(same)));
  CHECK(close(betweenness_of(g), betweenness_of(same)));
  const undirected_view undirected(g);
  const auto same_undirected = list_of<listed_undirected>(g);
  CHECK(by_first_member(components_of(undirected)) == by_first_member(components_of(same_undirected)));
  CHECK(distances_of(undirected) == distances_of(same_undirected));
  CHECK(close(betweenness_of(undirected), betweenness_of(same_undirected)));
}

}  // namespace

TEST_CASE("Boost's algorithms say of the store what they say of an adjacency_list") {
  for (unsigned seed = 1; seed <= 5; ++seed) {
    const store g = random_store(seed);
    REQUIRE(g.edge_count() == 90);
    same_answers(g);
  }
}

TEST_CASE("Boost's algorithms run as of an edge") {
  const store g = random_store(6);
  const as_of_view then = g.as_of(edge_id{160}, time_us{130});
  REQUIRE(num_edges(then) == 31);
  same_answers(then);
}

TEST_CASE("degrees and ends are those of Boost, self loops counted at both ends") {
  store g({.keep_us = 10});
  const vertex_id a{0};
  const vertex_id b{1};
  g.apply(std::vector<edge_event>{{a, a, time_us{1}, 5}, {a, b, time_us{2}, 6}, {b, a, time_us{3}, 7}}, time_us{3});
  CHECK(out_degree(a, g) == 2);
  CHECK(in_degree(a, g) == 2);
  CHECK(degree(a, g) == 4);
  const auto [first, last] = in_edges(a, g);
  REQUIRE(last - first == 2);
  CHECK(source(first[1], g) == b);
  CHECK(target(first[1], g) == a);
  CHECK(get(boost::edge_weight, g, first[1]) == 7);
  CHECK(get(edge_time, g, first[1]) == 3);
  const undirected_view undirected(g);
  CHECK(out_degree(a, undirected) == 4);
  CHECK(out_degree(b, undirected) == 2);
  CHECK(source(*out_edges(b, undirected).first, undirected) == b);
}

}  // namespace weir::graph
