// Every incremental algorithm: what it keeps after each batch is what it would find afresh, and it names those vertices
// that changed and no others.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include "graph/algorithms/betweenness.hpp"
#include "graph/algorithms/communities.hpp"
#include "graph/algorithms/components.hpp"
#include "graph/algorithms/edge_anomalies.hpp"
#include "graph/algorithms/fans.hpp"
#include "graph/algorithms/flows.hpp"
#include "graph/algorithms/hops.hpp"
#include "graph/algorithms/k_core.hpp"
#include "graph/algorithms/label_propagation.hpp"
#include "graph/algorithms/page_rank.hpp"
#include "graph/algorithms/strong_components.hpp"
#include "graph/algorithms/temporal_cycles.hpp"
#include "graph/algorithms/triangles.hpp"
#include "graph/store.hpp"
#include "tests/property/differing.hpp"
#include "tests/property/graph_draw.hpp"
#include "tests/support/naive_anomalies.hpp"
#include "tests/support/naive_graph.hpp"
#include "tests/support/naive_patterns.hpp"
#include "tests/support/naive_states.hpp"

using namespace weir::graph;
using namespace weir::testing;

namespace {

// After each batch, over the store, and afresh over its twin.
template <incremental<store, delta> A>
void holds(const A& fresh) {
  CHECK(rc::check([&] {
    const auto batches = draw_graph_batches(*rc::gen::scale(3.0, rc::gen::arbitrary<tape>()));
    store g({.keep_us = drawn_keep_us});
    naive_graph slow(drawn_keep_us);
    A kept = fresh;
    for (const graph_batch& batch : batches) {
      const A before = kept;
      const auto changed = kept.apply(g, g.apply(batch.edges, batch.now, batch.retracted));
      slow.apply(batch.edges, batch.now, batch.retracted);
      if (!kept.verify(slow)) RC_FAIL(to_text(batches));
      if (!std::ranges::equal(changed, differing(before, kept, g.vertex_count()))) {
        RC_FAIL("the vertices named:\n" + to_text(batches));
      }
    }
    A afresh = fresh;
    afresh.recompute(g);
    if (!kept.verify(g) || !afresh.verify(g)) RC_FAIL("afresh:\n" + to_text(batches));
  }));
}

// And what the definition gives.
template <incremental<store, delta> A>
void agrees(const A& fresh, auto twin) {
  CHECK(rc::check([&] {
    const auto batches = draw_graph_batches(*rc::gen::scale(3.0, rc::gen::arbitrary<tape>()));
    store g({.keep_us = drawn_keep_us});
    naive_graph slow(drawn_keep_us);
    A kept = fresh;
    for (const graph_batch& batch : batches) {
      kept.apply(g, g.apply(batch.edges, batch.now, batch.retracted));
      slow.apply(batch.edges, batch.now, batch.retracted);
      const auto expected = twin(slow);
      for (std::uint32_t v = 0; v < expected.size(); ++v) {
        if (!(kept[vertex_id{v}] == expected[v])) RC_FAIL(to_text(batches));
      }
    }
  }));
}

std::set<vertex_id> component_of(const components& of, vertex_id v, std::size_t vertices) {
  std::set<vertex_id> members;
  for (std::uint32_t w = 0; w < vertices; ++w) {
    if (of.connected(v, vertex_id{w})) members.insert(vertex_id{w});
  }
  return members;
}

// Whoever is with others now has somebody named among these, or among those it was with.
bool all_named(const components& before, const components& after, const std::vector<vertex_id>& named,
               std::size_t vertices) {
  for (std::uint32_t v = 0; v < vertices; ++v) {
    const auto was = component_of(before, vertex_id{v}, vertices);
    const auto is = component_of(after, vertex_id{v}, vertices);
    const auto among = [&](vertex_id n) { return was.contains(n) || is.contains(n); };
    if (was != is && std::ranges::none_of(named, among)) return false;
  }
  return true;
}

std::vector<edge_id> ids_of(cycle_view cycle) {
  std::vector<edge_id> ids;
  for (const neighbour& n : cycle) ids.push_back(n.edge);
  return ids;
}

// The last edges of the window: each search of the twin reads all pairs.
std::vector<edge> last_edges(const naive_graph& g) {
  const auto& all = g.edges();
  return {all.end() - static_cast<std::ptrdiff_t>(std::min<std::size_t>(all.size(), 6)), all.end()};
}

bool same_cycles(const store& fast, const naive_graph& slow, const edge& last, const cycle_options& options) {
  std::set<std::vector<edge_id>> found;
  std::size_t times = 0;
  const auto search = find_cycles(fast, last, options, [&](cycle_view cycle) {
    found.insert(ids_of(cycle));
    ++times;
    return true;
  });
  const auto expected = naive_cycles(slow, last, options);
  const closed_cycle one = find_cycle(fast, last, options);
  return !search.truncated && search.found == times && times == found.size() && found == expected &&
         (expected.empty() ? !one : expected.contains(ids_of(one.edges)));
}

}  // namespace

TEST_CASE("degrees and flows") { holds(flows{}); }
TEST_CASE("fans") { holds(fans{}); }
TEST_CASE("triangles and clustering") { holds(triangles{}); }
TEST_CASE("betweenness") { holds(betweenness{}); }
TEST_CASE("core numbers") {
  holds(k_core{});
  agrees(k_core{}, naive_core_numbers);
}
TEST_CASE("strong components") {
  holds(strong_components{});
  agrees(strong_components{}, naive_strong_names);
}
TEST_CASE("labels that spread") {
  holds(label_propagation({.rounds = 3}));
  agrees(label_propagation{}, [](const naive_graph& g) { return naive_labels(g, 5); });
}
TEST_CASE("communities are connected, and counted right") {
  holds(communities{});
  holds(communities({.resolution = 2, .afresh_after = 1'000}));
}
TEST_CASE("hops from sources") {
  holds(hops({.sources = {vertex_id{0}, vertex_id{3}}, .along = edge_side::out, .at_most = 3}));
  holds(hops({.sources = {vertex_id{1}}, .along = edge_side::in, .at_most = 100}));
  holds(hops({.sources = {vertex_id{5}}, .along = edge_side::either, .at_most = 4}));
}
TEST_CASE("PageRank, within its bound") {
  holds(page_rank{});
  holds(page_rank({.damping = 0.7, .seeds = {vertex_id{1}, vertex_id{4}}, .error_max = 1e-7}));
}
TEST_CASE("temporal cycles of the window") {
  holds(temporal_cycles({.length_min = 1, .length_max = 3, .within_us = 12}));
  holds(temporal_cycles({.length_min = 2, .length_max = 3, .within_us = 3, .in_order = true}));
}

TEST_CASE("components") {
  CHECK(rc::check([] {
    const auto batches = draw_graph_batches(*rc::gen::scale(3.0, rc::gen::arbitrary<tape>()));
    store g({.keep_us = drawn_keep_us});
    naive_graph slow(drawn_keep_us);
    components kept;
    for (const graph_batch& batch : batches) {
      const components before = kept;
      const auto named = kept.apply(g, g.apply(batch.edges, batch.now, batch.retracted));
      slow.apply(batch.edges, batch.now, batch.retracted);
      if (!kept.verify(slow)) RC_FAIL(to_text(batches));
      if (!all_named(before, kept, named, g.vertex_count())) RC_FAIL("the vertices named:\n" + to_text(batches));
    }
  }));
}

TEST_CASE(
    "scores of edges are those of exact counts where sketches are wide, and not forgotten while the edge is there") {
  CHECK(rc::check([] {
    const auto batches = draw_graph_batches(*rc::gen::scale(3.0, rc::gen::arbitrary<tape>()));
    // So many columns that no two of the drawn vertices, or of their pairs, meet.
    const anomaly_options options{.tick_us = 2, .rows = 1, .columns = 1'043, .threshold = 3};
    store g({.keep_us = drawn_keep_us});
    edge_anomalies kept(options);
    naive_anomalies slow(options);
    std::map<edge_id, double> scores;
    for (const graph_batch& batch : batches) {
      const delta& change = g.apply(batch.edges, batch.now, batch.retracted);
      const auto unusual = kept.apply(g, change);
      for (const edge& e : change.inserted()) {
        const double score = scores[e.id] = slow.score(e);
        if ((score >= options.threshold) != std::ranges::binary_search(unusual, e.id)) RC_FAIL(to_text(batches));
      }
      for (const edge& e : g.edges()) {
        if (std::abs(kept[e.id] - scores.at(e.id)) > 1e-9 * (1 + scores.at(e.id))) RC_FAIL(to_text(batches));
      }
      if (!kept.verify(g)) RC_FAIL(to_text(batches));
    }
  }));
}

TEST_CASE("temporal cycles that end at an edge are those that trying all sequences finds") {
  CHECK(rc::check([] {
    const auto batches = draw_graph_batches(*rc::gen::scale(3.0, rc::gen::arbitrary<tape>()));
    store g({.keep_us = drawn_keep_us});
    naive_graph slow(drawn_keep_us);
    for (const graph_batch& batch : batches) {
      g.apply(batch.edges, batch.now, batch.retracted);
      slow.apply(batch.edges, batch.now, batch.retracted);
      const bool few = slow.edge_count() < 60;
      for (const edge& last : last_edges(slow)) {
        for (const bool in_order : {false, true}) {
          const cycle_options options{.length_min = batches.size() % 4,
                                      .length_max = few ? 4u : 2u,
                                      .within_us = 3 + static_cast<std::int64_t>(batches.size()) % 15,
                                      .in_order = in_order};
          if (!same_cycles(g, slow, last, options)) RC_FAIL(to_text(batches));
        }
      }
    }
  }));
}

TEST_CASE("a temporal path is found where trying all sequences finds one, the latest and shortest of them") {
  CHECK(rc::check([] {
    const auto batches = draw_graph_batches(*rc::gen::scale(3.0, rc::gen::arbitrary<tape>()));
    store g({.keep_us = drawn_keep_us});
    naive_graph slow(drawn_keep_us);
    for (const graph_batch& batch : batches) {
      g.apply(batch.edges, batch.now, batch.retracted);
      slow.apply(batch.edges, batch.now, batch.retracted);
      const path_options options{.length_max = slow.edge_count() < 60 ? batches.size() % 5 : 2,
                                 .within_us = static_cast<std::int64_t>(batches.size()) % 15,
                                 .in_order = batches.size() % 2 == 0};
      for (std::uint32_t v = 0; v < 4; ++v) {
        const vertex_id source{v / 2};
        const vertex_id target{v % 2 + v};
        const auto expected = naive_paths(slow, source, target, options);
        const auto found = find_path(g, source, target, options).edges;
        if (found.empty() != expected.empty()) RC_FAIL(to_text(batches));
        const auto worse = [&](const std::vector<edge_id>& other) {
          return std::pair(other.back(), found.size()) <= std::pair(found.back().edge, other.size());
        };
        if (found.empty()) continue;
        if (!expected.contains(ids_of(found)) || !std::ranges::all_of(expected, worse)) {
          RC_FAIL("another path:\n" + to_text(batches));
        }
      }
    }
  }));
}

TEST_CASE("scatter-gather and gather-scatter are found where trying everything finds them") {
  CHECK(rc::check([] {
    const auto batches = draw_graph_batches(*rc::gen::scale(3.0, rc::gen::arbitrary<tape>()));
    store g({.keep_us = drawn_keep_us});
    naive_graph slow(drawn_keep_us);
    for (const graph_batch& batch : batches) {
      g.apply(batch.edges, batch.now, batch.retracted);
      slow.apply(batch.edges, batch.now, batch.retracted);
      for (const edge& last : last_edges(slow)) {
        const fan_pattern_options options{.width_min = 1 + batches.size() % 3, .within_us = 10};
        if (static_cast<bool>(find_scatter_gather(g, last, options)) != naive_scatter_gather(slow, last, options)) {
          RC_FAIL("scatter-gather:\n" + to_text(batches));
        }
        if (static_cast<bool>(find_gather_scatter(g, last, options)) != naive_gather_scatter(slow, last, options)) {
          RC_FAIL("gather-scatter:\n" + to_text(batches));
        }
      }
    }
  }));
}
