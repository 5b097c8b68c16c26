// The store and its twin, a plain list of edges, after every batch of inserts, expiries and retractions.
#include <algorithm>

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include "graph/store.hpp"
#include "tests/property/graph_draw.hpp"
#include "tests/support/naive_graph.hpp"

using namespace weir::graph;
using namespace weir::testing;

namespace {

template <class Fast, class Slow>
bool same_graph(const Fast& fast, const Slow& slow) {
  if (fast.vertex_count() != slow.vertex_count() || fast.edge_count() != slow.edge_count()) return false;
  if (!std::ranges::equal(fast.edges(), slow.edges())) return false;
  for (std::uint32_t v = 0; v <= slow.vertex_count(); ++v) {
    if (!std::ranges::equal(fast.out_edges(vertex_id{v}), slow.out_edges(vertex_id{v}))) return false;
    if (!std::ranges::equal(fast.in_edges(vertex_id{v}), slow.in_edges(vertex_id{v}))) return false;
  }
  return true;
}

bool same_delta(const delta& a, const delta& b) {
  return a.inserted() == b.inserted() && a.expired() == b.expired() && a.retracted() == b.retracted();
}

// Some places of the order, and as many starts of a window.
bool same_past(const store& fast, const naive_graph& slow, time_us now) {
  const std::uint64_t next = slow.next_edge();
  for (std::uint64_t back = 1; back <= std::min<std::uint64_t>(next, 40); back = back * 2 + 1) {
    for (const std::int64_t age : {0, 1, 7, 20, 30}) {
      const edge_id last{next - back};
      const time_us oldest{static_cast<std::int64_t>(now) - age};
      if (!same_graph(fast.as_of(last, oldest), slow.as_of(last, oldest))) return false;
    }
  }
  return true;
}

}  // namespace

TEST_CASE("the store holds what a plain list of edges would, after every batch, now and as of any place before") {
  CHECK(rc::check([] {
    const auto batches = draw_graph_batches(*rc::gen::scale(3.0, rc::gen::arbitrary<tape>()));
    store fast({.keep_us = drawn_keep_us});
    naive_graph slow(drawn_keep_us);
    for (const graph_batch& batch : batches) {
      const delta& changed = fast.apply(batch.edges, batch.now, batch.retracted);
      if (!same_delta(changed, slow.apply(batch.edges, batch.now, batch.retracted))) RC_FAIL(to_text(batches));
      if (!same_graph(fast, slow)) RC_FAIL(to_text(batches));
      if (!same_past(fast, slow, batch.now)) RC_FAIL("as of an edge:\n" + to_text(batches));
    }
  }));
}
