#include "graph/algorithms/components.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "graph/store.hpp"
#include "tests/graph/small_graph.hpp"

namespace weir::graph {

namespace {

static_assert(incremental<components, store, delta>);

// A store and its components, side by side.
struct watched {
  store g{{.keep_us = 10}};
  components kept;

  std::vector<vertex_id> next(const std::vector<edge_event>& edges, std::int64_t now, std::vector<edge_id> back = {}) {
    return kept.apply(g, g.apply(edges, time_us{now}, back));
  }
};

}  // namespace

TEST_CASE("components join by edges of any direction, and split when the last edge between them is too old") {
  watched w;
  CHECK(w.next({pay(a, b, 1), pay(c, b, 2), pay(d, d, 2)}, 2) == std::vector{a, b, c});
  CHECK(w.kept.connected(a, c));
  CHECK(w.kept.size_of(a) == 3);
  CHECK(w.kept.size_of(d) == 1);
  CHECK(w.next({pay(b, a, 5)}, 5).empty());
  CHECK(w.next({}, 12).empty());  // a -> b left, b -> a holds
  CHECK(w.next({}, 13) == std::vector{b, c});
  CHECK(w.kept.connected(a, b));
  CHECK_FALSE(w.kept.connected(a, c));
  CHECK(w.kept.representative(a) == w.kept.representative(b));
  CHECK(w.next({}, 99) == std::vector{a, b});
  CHECK(w.kept.size_of(b) == 1);
}

TEST_CASE("an edge that is taken back is replaced by a younger or older one, if there is any") {
  watched w;
  w.next({pay(a, b, 1), pay(b, c, 2), pay(c, a, 3), pay(c, d, 4)}, 4);
  CHECK(w.next({}, 4, {edge_id{2}}).empty());
  CHECK(w.kept.size_of(a) == 4);
  CHECK(w.next({}, 4, {edge_id{1}}) == std::vector{b, c});
  CHECK(w.kept.size_of(a) == 2);
  CHECK(w.next({}, 4, {edge_id{0}, edge_id{3}}) == std::vector{a, b, c, d});
  CHECK(w.kept.size_of(a) == 1);
}

TEST_CASE("vertices that no edge ever had are components of their own") {
  const components none;
  CHECK(none.size_of(vertex_id{1'000'000}) == 1);
  CHECK(none.connected(a, a));
  CHECK_FALSE(none.connected(a, b));
}

TEST_CASE("a long chain does not take more than to start afresh") {
  watched w;
  std::vector<edge_event> chain;
  for (std::uint32_t v = 0; v < 20'000; ++v) chain.push_back(pay(vertex_id{v}, vertex_id{v + 1}, v / 2'000));
  w.next(chain, 9);
  CHECK(w.kept.size_of(a) == 20'001);
  w.next({}, 15);  // the oldest half or so has left
  CHECK(w.kept.verify(w.g));
  CHECK(w.kept.size_of(vertex_id{20'000}) == 10'001);
}

}  // namespace weir::graph
