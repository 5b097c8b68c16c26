#include "graph/algorithms/edge_anomalies.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "graph/store.hpp"
#include "tests/graph/small_graph.hpp"

namespace weir::graph {

namespace {

static_assert(incremental<edge_anomalies, store, delta>);

constexpr anomaly_options by_ten{.tick_us = 10, .threshold = 20};

// One payment a tick from a to b, for so many ticks.
std::vector<edge_event> steady(std::int64_t ticks) {
  std::vector<edge_event> edges;
  for (std::int64_t tick = 0; tick < ticks; ++tick) edges.push_back(pay(a, b, 10 * tick));
  return edges;
}

}  // namespace

TEST_CASE("what comes as always has a low score, and a burst a high one") {
  store g({.keep_us = 10'000});
  edge_anomalies kept(by_ten);
  CHECK(kept.apply(g, g.apply(steady(50), time_us{490})).empty());
  CHECK(kept[edge_id{49}] < 5);
  const std::vector burst(20, pay(a, b, 500));
  const auto unusual = kept.apply(g, g.apply(burst, time_us{500}));
  REQUIRE_FALSE(unusual.empty());
  CHECK(unusual.back() == edge_id{69});
  CHECK(kept[edge_id{69}] > 100);
  CHECK(kept[edge_id{69}] > kept[edge_id{60}]);
  CHECK(kept[edge_id{1'000}] == 0);
  CHECK(kept.verify(g));
}

TEST_CASE("many edges from one vertex, to others each time, are a burst of its own") {
  store g({.keep_us = 10'000});
  edge_anomalies kept(by_ten);
  kept.apply(g, g.apply(steady(50), time_us{490}));
  std::vector<edge_event> fan;
  for (std::uint32_t i = 0; i < 30; ++i) fan.push_back(pay(a, vertex_id{100 + i}, 500));
  CHECK_FALSE(kept.apply(g, g.apply(fan, time_us{500})).empty());
}

TEST_CASE("a burst is not taken for usual: the same again is as unusual") {
  const std::vector burst(20, pay(a, b, 500));
  const std::vector again(20, pay(a, b, 600));
  const auto second_score = [&](double threshold) {
    store g({.keep_us = 10'000});
    edge_anomalies kept({.tick_us = 10, .threshold = threshold});
    kept.apply(g, g.apply(steady(50), time_us{490}));
    kept.apply(g, g.apply(burst, time_us{500}));
    kept.apply(g, g.apply(std::vector{pay(c, d, 510)}, time_us{510}));
    kept.apply(g, g.apply(again, time_us{600}));
    return kept[edge_id{90}];
  };
  CHECK(second_score(20) > 1.2 * second_score(1e9));  // which takes everything for usual
}

TEST_CASE("scores of edges that left the window are forgotten, and do not depend on the batches") {
  const auto edges = steady(60);
  store whole({.keep_us = 100});
  store cut({.keep_us = 100});
  edge_anomalies at_once(by_ten);
  edge_anomalies one_by_one(by_ten);
  at_once.apply(whole, whole.apply(std::span(edges).first(10), edges[9].at));
  for (std::size_t i = 0; i < edges.size(); ++i) {
    one_by_one.apply(cut, cut.apply(std::span(edges).subspan(i, 1), edges[i].at));
    if (i >= 10) at_once.apply(whole, whole.apply(std::span(edges).subspan(i, 1), edges[i].at));
  }
  CHECK(one_by_one[edge_id{48}] == 0);
  CHECK(one_by_one[edge_id{59}] == at_once[edge_id{59}]);
  CHECK(one_by_one.verify(cut));
  edge_anomalies afresh(by_ten);
  afresh.recompute(cut);
  CHECK(afresh.verify(cut));
}

}  // namespace weir::graph
