#include "graph/algorithms/strong_components.hpp"

#include <boost/graph/strong_components.hpp>
#include <catch2/catch.hpp>
#include <map>
#include <vector>

#include "graph/bgl.hpp"
#include "graph/store.hpp"
#include "tests/graph/random_stream.hpp"
#include "tests/graph/small_graph.hpp"
#include "tests/support/naive_states.hpp"

namespace weir::graph {

namespace {

static_assert(incremental<strong_components, store, delta>);

}  // namespace

TEST_CASE("a cycle is a component named by its least vertex, until an edge of it leaves") {
  store g({.keep_us = 10});
  strong_components kept;
  CHECK(kept[d] == d);
  const std::vector edges{pay(b, c, 1), pay(c, d, 2), pay(d, b, 3), pay(a, b, 4), pay(c, c, 4)};
  CHECK(kept.apply(g, g.apply(edges, time_us{4})) == std::vector{c, d});
  CHECK(kept[d] == b);
  CHECK(kept[a] == a);
  CHECK(kept.size_of(c) == 3);
  CHECK(kept.apply(g, g.apply(std::vector{pay(d, a, 5), pay(d, c, 6)}, time_us{6})) == std::vector{b, c, d});
  CHECK(kept[b] == a);
  CHECK(kept.size_of(a) == 4);
  CHECK(kept.apply(g, g.apply({}, time_us{12})) == std::vector{b, c, d});  // b -> c is gone; c <-> d is left
  CHECK(kept[b] == b);
  CHECK(kept[d] == c);
  CHECK(kept.size_of(d) == 2);
  CHECK(kept.size_of(a) == 1);
}

TEST_CASE("strong components are those of who reaches whom while edges come, leave and are taken back") {
  for (const std::uint32_t vertices : {10u, 30u, 70u}) {
    for (const std::int64_t keep : {1, 2, 4}) {
      random_stream stream({.seed = vertices, .vertices = vertices, .keep_us = keep * vertices});
      strong_components kept;
      for (int batch = 0; batch < 120; ++batch) {
        stream.next();
        kept.apply(stream.fast(), stream.changed());
        const auto expected = testing::naive_strong_names(stream.slow());
        for (std::uint32_t v = 0; v < expected.size(); ++v) REQUIRE(kept[vertex_id{v}] == expected[v]);
        REQUIRE(kept.verify(stream.slow()));
      }
    }
  }
}

TEST_CASE("strong components of many vertices are those of the Boost Graph Library") {
  for (const std::int64_t keep : {3'000, 6'000, 20'000}) {
    random_stream stream({.seed = 7, .vertices = 3'000, .keep_us = keep, .batch = 20});
    strong_components kept;
    for (int batch = 0; batch < 2'000; ++batch) {
      stream.next();
      kept.apply(stream.fast(), stream.changed());
    }
    const store& g = stream.fast();
    std::vector<int> number(g.vertex_count());
    boost::strong_components(g, boost::make_iterator_property_map(number.begin(), get(boost::vertex_index, g)));
    std::map<int, vertex_id> names;
    for (std::uint32_t v = 0; v < number.size(); ++v) {
      REQUIRE(kept[vertex_id{v}] == names.try_emplace(number[v], vertex_id{v}).first->second);
    }
  }
}

}  // namespace weir::graph
