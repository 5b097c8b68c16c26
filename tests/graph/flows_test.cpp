#include "graph/algorithms/flows.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <vector>

#include "graph/algorithms/fans.hpp"
#include "graph/csr.hpp"
#include "graph/store.hpp"

namespace weir::graph {

namespace {

static_assert(incremental<flows, store, delta>);
static_assert(incremental<fans, store, delta>);

constexpr vertex_id a{0};
constexpr vertex_id b{1};
constexpr vertex_id c{2};

const std::vector<edge_event> edges{{a, b, time_us{1}, 100}, {a, b, time_us{2}, -30}, {b, b, time_us{3}, 7}};

}  // namespace

TEST_CASE("degrees count parallel edges and loops, flows sum their weights") {
  store g({.keep_us = 10});
  flows kept;
  CHECK(kept.apply(g, g.apply(edges, time_us{3})) == std::vector{a, b});
  CHECK(kept[a] == flow{.in_degree = 0, .out_degree = 2, .in_flow = 0, .out_flow = 70});
  CHECK(kept[b] == flow{.in_degree = 3, .out_degree = 1, .in_flow = 77, .out_flow = 7});
  CHECK(kept[vertex_id{99}] == flow{});
  kept.apply(g, g.apply({}, time_us{12}));
  CHECK(kept[a] == flow{.in_degree = 0, .out_degree = 1, .in_flow = 0, .out_flow = -30});
}

TEST_CASE("a sum that went beyond 64 bits is right again when what was too much has left") {
  store g({.keep_us = 10});
  flows kept;
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  kept.apply(g, g.apply(std::vector<edge_event>{{a, b, time_us{1}, most}, {a, b, time_us{9}, most}}, time_us{9}));
  kept.apply(g, g.apply({}, time_us{15}));
  CHECK(kept[a].out_flow == most);
}

TEST_CASE("fans count distinct counterparts") {
  store g({.keep_us = 10});
  fans kept;
  kept.apply(g, g.apply(edges, time_us{3}));
  CHECK(kept[a] == fan{.in = 0, .out = 1});
  CHECK(kept[b] == fan{.in = 2, .out = 1});
  CHECK(kept.pairs().of(a, b) == 2);
  CHECK(kept.apply(g, g.apply({}, time_us{12})).empty());
  CHECK(kept.apply(g, g.apply({}, time_us{13})) == std::vector{a, b});
  CHECK(kept[b] == fan{.in = 1, .out = 1});
  CHECK(kept.pairs().size() == 1);
}

TEST_CASE("a snapshot in rows is made anew when the graph has changed, and only then") {
  store g({.keep_us = 10});
  g.apply(edges, time_us{3});
  lazy_csr out(direction::out);
  const csr& rows = out.of(g);
  CHECK(std::ranges::equal(rows.row(a), std::vector{b, b}));
  CHECK(std::ranges::equal(rows.edges_of(b), std::vector{edge_id{2}}));
  const vertex_id* const where = rows.neighbours.data();
  g.apply({}, time_us{4});
  CHECK(out.of(g).neighbours.data() == where);
  g.apply(std::vector<edge_event>{{c, a, time_us{12}, 1}}, time_us{12});
  CHECK(std::ranges::equal(out.of(g).row(a), std::vector{b}));
  CHECK(std::ranges::equal(out.of(g).row(c), std::vector{a}));
  CHECK(std::ranges::equal(make_csr(g, direction::in).row(a), std::vector{c}));
}

}  // namespace weir::graph
