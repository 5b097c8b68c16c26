#include "graph/algorithms/page_rank.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <vector>

#include "graph/store.hpp"

namespace weir::graph {

namespace {

static_assert(incremental<page_rank, store, delta>);

constexpr vertex_id a{0};
constexpr vertex_id b{1};
constexpr vertex_id c{2};

// By the definition, a thousand times over.
std::vector<double> iterated(const store& g, const std::vector<double>& start, double damping) {
  std::vector<double> ranks(g.vertex_count());
  for (int round = 0; round < 1'000; ++round) {
    std::vector<double> next(ranks.size());
    for (std::size_t v = 0; v < next.size(); ++v) next[v] = (1 - damping) * start[v];
    for (const edge& e : g.edges()) {
      next[static_cast<std::size_t>(e.to)] +=
          damping * ranks[static_cast<std::size_t>(e.from)] / static_cast<double>(g.out_degree(e.from));
    }
    ranks = next;
  }
  return ranks;
}

double error_of(const page_rank& kept, const std::vector<double>& truth) {
  double sum = 0;
  for (std::size_t v = 0; v < truth.size(); ++v) {
    sum += std::abs(kept[vertex_id{static_cast<std::uint32_t>(v)}] - truth[v]);
  }
  return sum;
}

}  // namespace

TEST_CASE("what reaches a vertex is shared by its edges, parallel ones each for itself") {
  store g({.keep_us = 10});
  page_rank kept({.damping = 0.5, .error_max = 1e-9});
  kept.apply(g, g.apply(std::vector<edge_event>{{a, b, time_us{1}, 1}, {a, b, time_us{1}, 1}, {a, c, time_us{1}, 1}},
                        time_us{1}));
  CHECK(kept[a] == Approx(0.5));
  CHECK(kept[b] == Approx(0.5 + 0.5 * 0.5 * 2 / 3));
  CHECK(kept[c] == Approx(0.5 + 0.5 * 0.5 / 3));
  kept.apply(g, g.apply({}, time_us{12}));
  CHECK(kept[b] == Approx(0.5));
}

TEST_CASE("ranks are within the bound that is published, while edges come and go") {
  std::mt19937 random(8);
  store g({.keep_us = 150});
  const std::vector seeds{vertex_id{3}, vertex_id{5}};
  page_rank all({.error_max = 1e-4});
  page_rank risk({.seeds = seeds, .error_max = 1e-6});
  std::int64_t at = 0;
  for (int batch = 0; batch < 30; ++batch) {
    std::vector<edge_event> edges;
    for (int i = 0; i < 20; ++i) {
      const auto any = [&] { return vertex_id{static_cast<std::uint32_t>(random() % 60)}; };
      edges.push_back({any(), any(), time_us{++at}, 1});
    }
    const delta& change = g.apply(edges, time_us{at});
    all.apply(g, change);
    risk.apply(g, change);
    const auto n = static_cast<double>(g.vertex_count());
    REQUIRE(error_of(all, iterated(g, std::vector<double>(g.vertex_count(), 1), 0.85)) <= all.error_bound() * n + 1e-9);
    REQUIRE(all.error_bound() <= 1e-4 * 1.000001);
    std::vector<double> start(g.vertex_count());
    for (const vertex_id v : seeds) start[static_cast<std::size_t>(v)] = 0.5;
    REQUIRE(error_of(risk, iterated(g, start, 0.85)) <= risk.error_bound() + 1e-9);
    REQUIRE(risk.error_bound() <= 1e-6 * 1.000001);
  }
}

TEST_CASE("ranks are within a bound near what numbers can hold, around hubs, and with many and with few changes") {
  std::mt19937 random(9);
  store g({.keep_us = 4'000});
  const std::vector seeds{vertex_id{0}, vertex_id{3}, vertex_id{3}};
  page_rank all({.error_max = 1e-11});
  page_rank coarse({.error_max = 1e-3});
  page_rank risk({.damping = 0.6, .seeds = seeds, .error_max = 1e-11});
  std::int64_t at = 0;
  for (const int size : {3'000, 2, 400, 1, 30, 0, 900, 5, 2'500, 10}) {
    std::vector<edge_event> edges;
    for (int i = 0; i < size; ++i) {
      const auto any = [&] { return vertex_id{static_cast<std::uint32_t>(random() % 400 * (random() % 400) / 400)}; };
      edges.push_back({any(), any(), time_us{++at}, 1});
    }
    const std::vector<edge_id> back{edge_id{static_cast<std::uint64_t>(at) / 2}};
    const delta& change = g.apply(edges, time_us{at}, back);
    for (page_rank* const each : {&all, &coarse, &risk}) each->apply(g, change);
    const auto n = static_cast<double>(g.vertex_count());
    const auto truth = iterated(g, std::vector<double>(g.vertex_count(), 1), 0.85);
    REQUIRE(error_of(all, truth) <= all.error_bound() * n + 1e-11);
    REQUIRE(all.error_bound() <= 1e-11 * 1.000001);
    REQUIRE(error_of(coarse, truth) <= coarse.error_bound() * n);
    REQUIRE(coarse.error_bound() <= 1e-3 * 1.000001);
    std::vector<double> start(g.vertex_count());
    for (const vertex_id v : seeds) start[static_cast<std::size_t>(v)] += 1.0 / 3;
    REQUIRE(error_of(risk, iterated(g, start, 0.6)) <= risk.error_bound() + 1e-13);
    REQUIRE(risk.error_bound() <= 1e-11 * 1.000001);
    REQUIRE((all.verify(g) && coarse.verify(g) && risk.verify(g)));
  }
}

}  // namespace weir::graph
