#include "graph/property_graph.hpp"

#include <algorithm>
#include <boost/graph/connected_components.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <catch2/catch.hpp>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "graph/bgl.hpp"
#include "graph/store.hpp"

namespace weir::graph {

namespace {

constexpr vertex_id a{0};
constexpr vertex_id b{1};
constexpr vertex_id c{2};
constexpr vertex_id d{7};

using people = property_graph<std::string, int>;

people friends() {
  vertex_values<std::string> names;
  names.set(a, "ann");
  names.set(b, "bob");
  return people(names, {{a, b, 3}, {b, c, 5}, {a, b, 4}, {c, c, 1}, {d, a, 9}}, "?");
}

template <class T>
std::vector<std::optional<T>> values_of(const vertex_values<T>& values, std::initializer_list<vertex_id> of) {
  std::vector<std::optional<T>> all;
  for (const vertex_id v : of) all.push_back(values[v]);
  return all;
}

using some = std::vector<std::optional<std::size_t>>;

const auto all_vertices = [](vertex_id, const auto&) { return true; };

store random_store(unsigned seed) {
  std::mt19937 random(seed);
  store g({.keep_us = 150});
  std::vector<edge_event> edges;
  for (std::int64_t at = 0; at < 200; ++at) {
    const auto any = [&] { return vertex_id{static_cast<std::uint32_t>(random() % 120)}; };
    edges.push_back({any(), any(), time_us{at}, 1 + static_cast<std::int64_t>(random() % 9)});
  }
  g.apply(edges, time_us{200});
  return g;
}

}  // namespace

TEST_CASE("ends of edges are vertices, with a value that is given for them") {
  const people g = friends();
  CHECK(g.vertex_count() == 4);
  CHECK(g.edge_count() == 5);
  CHECK(*g.vertices()[c] == "?");
  CHECK_FALSE(g.vertices().contains(vertex_id{3}));
  CHECK(people::from_edges({{a, b, 1}}, "x").vertices()[b] == "x");
}

TEST_CASE("triplets have the values of both ends") {
  std::vector<std::string> lines;
  const people g = friends().subgraph([](const auto& t) { return t.value < 5; }, all_vertices);
  for (const auto& t : g.triplets()) {
    lines.push_back(t.from_value + ">" + t.to_value + std::to_string(t.value));
  }
  CHECK(lines == std::vector<std::string>{"ann>bob3", "ann>bob4", "?>?1"});
}

TEST_CASE("degrees are given for who has any, a loop counts at both of its ends") {
  const people g = friends();
  CHECK(values_of(g.degrees(edge_side::out), {a, b, c, d}) == some{2, 1, 1, 1});
  CHECK(values_of(g.degrees(edge_side::in), {a, b, c, d}) == some{1, 2, 2, std::nullopt});
  CHECK(values_of(g.degrees(edge_side::either), {a, b, c, d}) == some{3, 3, 3, 1});
}

TEST_CASE("maps change values and nothing else") {
  const people g = friends();
  const auto lengths = g.map_vertices([](vertex_id, const std::string& name) { return name.size(); });
  CHECK(values_of(lengths.vertices(), {a, c}) == some{3, 1});
  const auto twice = lengths.map_edges([](const auto& e) { return 2.5 * e.value; });
  CHECK(twice.edges().front().value == 7.5);
  const auto sums = lengths.map_triplets([](const auto& t) { return t.from_value + t.to_value; });
  CHECK(sums.edges().front().value == 6);
  CHECK(g.reverse().edges().back() == valued_edge<int>{a, d, 9});
  CHECK(g.reverse().reverse() == g);
}

TEST_CASE("a subgraph has no edge without its ends, a mask takes what another graph has too") {
  const people g = friends();
  const auto named = [](vertex_id, const std::string& name) { return name != "?"; };
  const auto any_edge = [](const auto&) { return true; };
  const people two = g.subgraph(any_edge, named);
  CHECK(two.vertex_count() == 2);
  CHECK(two.edges() == std::vector<valued_edge<int>>{{a, b, 3}, {a, b, 4}});
  const auto sizes =
      two.map_vertices([](vertex_id, const std::string&) { return 1; }).map_edges([](auto&) { return 0; });
  CHECK(g.mask(sizes) == two);
  const auto degrees_of = [](const people& of) {
    return of.outer_join_vertices(of.degrees(edge_side::out),
                                  [](vertex_id, const auto&, const auto& n) { return n.value_or(0); });
  };
  CHECK(g.filter(degrees_of, any_edge, [](vertex_id, std::size_t n) { return n > 1; }).vertex_count() == 1);
}

TEST_CASE("parallel edges are grouped into one") {
  const people g = friends().group_edges(std::plus<>());
  CHECK(g.edges() == std::vector<valued_edge<int>>{{a, b, 7}, {b, c, 5}, {c, c, 1}, {d, a, 9}});
}

TEST_CASE("messages to one vertex are merged, and joined to its value") {
  const people g = friends();
  const auto greatest = g.aggregate_messages<int>([](const auto& t, auto& outbox) { outbox.to_to(t.value); },
                                                  [](int x, int y) { return std::max(x, y); });
  CHECK(values_of(greatest, {a, b, c, d}) == std::vector<std::optional<int>>{9, 4, 5, std::nullopt});
  const people joined =
      g.join_vertices(greatest, [](vertex_id, const std::string& name, int n) { return name + std::to_string(n); });
  CHECK(values_of(joined.vertices(), {a, d}) == std::vector<std::optional<std::string>>{"ann9", "?"});
}

TEST_CASE("neighbours are collected by direction, once an edge") {
  const people g = friends();
  CHECK(g.collect_neighbour_ids(edge_side::out)[a] == std::vector{b, b});
  CHECK(g.collect_neighbour_ids(edge_side::in)[a] == std::vector{d});
  CHECK(g.collect_neighbour_ids(edge_side::either)[c] == std::vector{b, c, c});
  CHECK((*g.collect_neighbours(edge_side::in)[c])[0] == std::pair(b, std::string("bob")));
  CHECK_FALSE(g.collect_neighbours(edge_side::in).contains(d));
}

TEST_CASE("Pregel's shortest paths are Dijkstra's") {
  constexpr std::int64_t far = std::numeric_limits<std::int64_t>::max();
  const store g = random_store(1);
  std::vector<std::int64_t> expected(g.vertex_count());
  const auto index = get(boost::vertex_index, g);
  boost::dijkstra_shortest_paths(g, a, boost::distance_map(boost::make_iterator_property_map(expected.begin(), index)));
  const auto least = [](std::int64_t x, std::int64_t y) { return std::min(x, y); };
  const auto found = snapshot(g, far)
                         .map_vertices([](vertex_id v, std::int64_t) { return v == a ? std::int64_t{0} : far; })
                         .pregel<std::int64_t>(
                             far, [&](vertex_id, std::int64_t now, std::int64_t m) { return least(now, m); },
                             [](const auto& t, auto& outbox) {
                               if (t.from_value != far && t.from_value + t.value.weight < t.to_value) {
                                 outbox.to_to(t.from_value + t.value.weight);
                               }
                             },
                             least, 1'000, edge_side::out);
  for (const vertex_id v : found.vertices().ids()) CHECK(*found.vertices()[v] == expected[static_cast<std::size_t>(v)]);
}

TEST_CASE("Pregel's least labels are connected components") {
  const store g = random_store(2);
  std::vector<int> component(g.vertex_count());
  const undirected_view undirected(g);
  boost::connected_components(
      undirected, boost::make_iterator_property_map(component.begin(), get(boost::vertex_index, undirected)));
  const auto labels = snapshot(g, vertex_id{})
                          .map_vertices([](vertex_id v, vertex_id) { return v; })
                          .pregel<vertex_id>(
                              vertex_id{~0u}, [](vertex_id, vertex_id now, vertex_id m) { return std::min(now, m); },
                              [](const auto& t, auto& outbox) {
                                if (t.from_value < t.to_value) outbox.to_to(t.from_value);
                                if (t.to_value < t.from_value) outbox.to_from(t.to_value);
                              },
                              [](vertex_id x, vertex_id y) { return std::min(x, y); }, 1'000);
  for (const vertex_id v : labels.vertices().ids()) {
    for (const vertex_id w : labels.vertices().ids()) {
      const bool together = component[static_cast<std::size_t>(v)] == component[static_cast<std::size_t>(w)];
      REQUIRE((labels.vertices()[v] == labels.vertices()[w]) == together);
    }
  }
}

TEST_CASE("Pregel ends after the stated rounds") {
  const auto chain = property_graph<int, int>::from_edges({{a, b, 1}, {b, c, 1}, {c, d, 1}});
  const auto hops = [&](std::size_t rounds) {
    return chain.pregel<int>(
        0, [](vertex_id, int now, int m) { return std::max(now, m); },
        [](const auto& t, auto& outbox) {
          if (t.from_value + 1 > t.to_value) outbox.to_to(t.from_value + 1);
        },
        [](int x, int y) { return std::max(x, y); }, rounds);
  };
  CHECK(*hops(0).vertices()[d] == 0);
  CHECK(*hops(2).vertices()[d] == 2);
  CHECK(*hops(9).vertices()[d] == 3);
}

}  // namespace weir::graph
