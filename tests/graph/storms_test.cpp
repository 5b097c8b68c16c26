// What an attacker or a broken source would send: a hub of a million edges, a flood of vertices, a storm of equal
// times. Each answer comes after a stated number of steps, is right, or says that it is not all.
#include <catch2/catch.hpp>
#include <vector>

#include "graph/algorithms/components.hpp"
#include "graph/algorithms/fan_patterns.hpp"
#include "graph/algorithms/temporal_cycles.hpp"
#include "graph/algorithms/temporal_paths.hpp"
#include "graph/store.hpp"

namespace weir::graph {

namespace {

constexpr vertex_id hub{0};
constexpr vertex_id other{1};

std::vector<edge_event> spokes(std::uint32_t count, std::int64_t step_us) {
  std::vector<edge_event> edges;
  for (std::uint32_t i = 0; i < count; ++i) {
    const vertex_id spoke{2 + i / 2};
    const time_us at{static_cast<std::int64_t>(i) * step_us};
    edges.push_back(i % 2 == 0 ? edge_event{hub, spoke, at, 1} : edge_event{spoke, hub, at, 1});
  }
  return edges;
}

}  // namespace

TEST_CASE("a hub of a million edges comes, is read, loses one from its middle, and leaves") {
  const std::int64_t count = 1'000'000;
  store g({.keep_us = count});
  components connected;
  connected.apply(g, g.apply(spokes(count, 1), time_us{count}));
  CHECK(connected.size_of(hub) == count / 2 + 1);
  CHECK(g.out_degree(hub) == count / 2);
  CHECK(g.as_of(edge_id{999}, time_us{500}).out_degree(hub) == 250);
  g.apply({}, time_us{count}, std::vector{edge_id{count / 2}});
  CHECK(g.out_degree(hub) == count / 2 - 1);
  connected.apply(g, g.apply({}, time_us{2 * count - 9}));
  CHECK(g.edge_count() == 9);
  CHECK(connected.size_of(hub) == 6);
  CHECK(connected.verify(g));
}

TEST_CASE("searches through a hub take their steps and say when that was not all") {
  store g({.keep_us = 10'000'000});
  auto edges = spokes(200'000, 1);
  edges.push_back({other, hub, time_us{200'000}, 1});
  edges.push_back({hub, other, time_us{200'001}, 1});
  g.apply(edges, time_us{200'001});
  const edge last = g.edge_of(edge_id{200'001});
  const auto ignore = [](cycle_view) { return true; };
  const cycle_search cycles = find_cycles(g, last, {.within_us = 1'000'000, .steps_max = 1'000}, ignore);
  CHECK(cycles.found == 1);  // the search goes no further back than the first edge that leaves `other`
  CHECK_FALSE(cycles.truncated);
  CHECK_FALSE(find_scatter_gather(g, last, {.width_min = 2, .within_us = 1'000'000, .steps_max = 1'000}).truncated);
  CHECK(find_scatter_gather(g, last, {.width_min = 1, .within_us = 1'000'000, .steps_max = 1'000}).truncated);
  CHECK(find_gather_scatter(g, last, {.width_min = 1'001, .within_us = 1'000'000, .steps_max = 1'000}).truncated);
  CHECK(find_path(g, vertex_id{2}, other, {.within_us = 1'000'000, .steps_max = 1'000}).truncated);
  CHECK(find_path(g, vertex_id{2}, other, {.within_us = 1'000'000}).edges.size() == 2);
}

TEST_CASE("in a storm of equal times nothing is earlier than anything else, but in the stream's order") {
  store g({.keep_us = 10});
  std::vector<edge_event> edges;
  for (int i = 0; i < 100'000; ++i)
    edges.push_back(i % 2 == 0 ? edge_event{hub, other, time_us{5}, 1} : edge_event{other, hub, time_us{5}, 1});
  g.apply(edges, time_us{5});
  const edge last = g.edge_of(edge_id{99'999});
  const auto ignore = [](cycle_view) { return true; };
  const cycle_search strict = find_cycles(g, last, {.within_us = 10}, ignore);
  CHECK(strict.found == 0);
  CHECK(strict.steps <= 100'000);
  const cycle_search ordered = find_cycles(g, last, {.within_us = 10, .in_order = true}, ignore);
  CHECK(ordered.found == 50'000);
  const cycle_search cut = find_cycles(g, last, {.within_us = 10, .in_order = true, .steps_max = 100}, ignore);
  CHECK(cut.found == 100);
  CHECK(cut.truncated);
  CHECK(g.apply({}, time_us{15}).empty());
  CHECK(g.apply({}, time_us{16}).expired().size() == 100'000);
}

TEST_CASE("a flood of vertices takes some dozens of bytes for each, and no more when they come again") {
  store g({.keep_us = 10});
  const std::uint32_t count = 500'000;
  const auto flood = [&](std::int64_t at) {
    std::vector<edge_event> edges;
    for (std::uint32_t v = 0; v < count; ++v) edges.push_back({vertex_id{v}, vertex_id{v + 1}, time_us{at}, 1});
    g.apply(edges, time_us{at});
  };
  flood(0);
  const std::size_t held = g.bytes();
  CHECK(held < std::size_t{count} * 64);
  for (std::int64_t round = 1; round < 4; ++round) {
    g.apply({}, time_us{100 * round - 1});
    flood(100 * round);
  }
  CHECK(g.bytes() <= held + (std::size_t{4} << 20));
}

}  // namespace weir::graph
