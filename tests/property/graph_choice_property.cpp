// Every incremental algorithm either follows a change or starts afresh, as it thinks is less. On graphs that are large
// enough for both, and changes from one edge to all of the window: what it keeps is what it would find afresh, and it
// names those vertices that changed.
#include <algorithm>
#include <cmath>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include "graph/algorithms/communities.hpp"
#include "graph/algorithms/components.hpp"
#include "graph/algorithms/fans.hpp"
#include "graph/algorithms/flows.hpp"
#include "graph/algorithms/hops.hpp"
#include "graph/algorithms/k_core.hpp"
#include "graph/algorithms/label_propagation.hpp"
#include "graph/algorithms/strong_components.hpp"
#include "graph/algorithms/temporal_cycles.hpp"
#include "graph/algorithms/triangles.hpp"
#include "graph/store.hpp"
#include "graph/work_limit.hpp"
#include "tests/property/differing.hpp"

using namespace weir::graph;
using weir::testing::differing;

namespace {

// A stream from a seed: a tape is too short for as many edges.
class large_stream {
 public:
  explicit large_stream(unsigned seed)
      : random_(seed), vertices_(50 + random_() % 4'000), window_(500 + random_() % 6'000), edges_(store_of(window_)) {
    apply(window_, 0);
  }

  // Most changes are small beside the window, but all sizes are as likely as those twice as large.
  const delta& next() {
    const double share = std::uniform_real_distribution<>(0, 1)(random_);
    const auto size = static_cast<std::size_t>(std::pow(static_cast<double>(window_), share));
    const bool only_back = random_() % 4 == 0;
    const std::size_t back = only_back ? size : random_() % 3 == 0 ? random_() % (size + 1) : 0;
    return apply(only_back ? 0 : size, back);
  }

  const store& edges() const { return edges_; }

 private:
  static store store_of(std::size_t window) { return store({.keep_us = static_cast<std::int64_t>(window) - 1}); }

  const delta& apply(std::size_t count, std::size_t back) {
    std::vector<edge_event> come;
    for (std::size_t i = 0; i < count; ++i) come.push_back({vertex(), vertex(), time_us{++at_}, 1});
    std::set<edge_id> retracted;
    const auto newest = static_cast<std::uint64_t>(edges_.next_edge());
    for (std::size_t i = 0; i < back; ++i)
      retracted.insert(edge_id{newest - 1 - random_() % std::min(newest, window_)});
    return edges_.apply(come, time_us{at_}, std::vector(retracted.begin(), retracted.end()));
  }
  // Some are met much more often than others.
  vertex_id vertex() { return vertex_id{static_cast<std::uint32_t>(random_() % (1 + random_() % vertices_))}; }

  std::mt19937_64 random_;
  std::uint64_t vertices_;
  std::uint64_t window_;
  store edges_;
  std::int64_t at_ = 0;
};

constexpr int batches = 6;

void follows(auto fresh, auto named_right) {
  CHECK(rc::check([&] {
    const auto seed = *rc::gen::arbitrary<unsigned>();
    large_stream stream(seed);
    auto kept = fresh;
    kept.recompute(stream.edges());
    for (int batch = 0; batch < batches; ++batch) {
      const auto before = kept;
      const auto named = kept.apply(stream.edges(), stream.next());
      const std::string where = "seed " + std::to_string(seed) + ", batch " + std::to_string(batch);
      if (!kept.verify(stream.edges())) RC_FAIL(where);
      if (!named_right(before, kept, named, stream.edges().vertex_count())) RC_FAIL("the vertices named: " + where);
    }
  }));
}

void follows(auto fresh) {
  follows(fresh, [](const auto& before, const auto& after, const std::vector<vertex_id>& named, std::size_t vertices) {
    return named == differing(before, after, vertices);
  });
}

// How long a change takes, in steps of a fresh start, whose edges all take the same.
std::uint64_t steps_of_even_change(std::uint64_t afresh, std::uint64_t edges, std::uint64_t each) {
  const work_limit limit(afresh, edges);
  for (std::uint64_t done = 0, steps = 0; done < edges;) {
    steps += each;
    if (!limit.allows(steps, ++done)) return steps + afresh;
  }
  return edges * each;
}

}  // namespace

TEST_CASE("flows follow or start afresh") { follows(flows{}); }
TEST_CASE("fans follow or start afresh") { follows(fans{}); }
TEST_CASE("triangles follow or start afresh") { follows(triangles{}); }
TEST_CASE("core numbers follow or start afresh") { follows(k_core{}); }
TEST_CASE("strong components follow or start afresh") { follows(strong_components{}); }
TEST_CASE("labels follow or start afresh") { follows(label_propagation({.rounds = 2})); }
TEST_CASE("hops follow or start afresh") { follows(hops({.sources = {vertex_id{40}}, .at_most = 100})); }
TEST_CASE("temporal cycles follow or start afresh") { follows(temporal_cycles({.length_max = 3, .within_us = 40})); }
TEST_CASE("communities follow or start afresh") { follows(communities{}); }
TEST_CASE("components follow or start afresh") {
  follows(components{}, [](const components& before, const components& after, const std::vector<vertex_id>& named,
                           std::size_t vertices) {
    if (!std::ranges::is_sorted(named)) return false;
    // Who is alone now and was not, or was and is not, is an end of an edge that did it.
    for (std::uint32_t v = 0; v < vertices; ++v) {
      const bool differs = (before.size_of(vertex_id{v}) == 1) != (after.size_of(vertex_id{v}) == 1);
      if (differs && !std::ranges::binary_search(named, vertex_id{v})) return false;
    }
    return true;
  });
}

TEST_CASE("an even change takes a tenth more than a fresh start at most") {
  CHECK(rc::check([] {
    const std::uint64_t afresh = *rc::gen::inRange<std::uint64_t>(100, 100'000);
    const std::uint64_t edges = *rc::gen::inRange<std::uint64_t>(1, 2'000);
    const std::uint64_t each = *rc::gen::inRange<std::uint64_t>(0, 1 + afresh / 50);
    RC_ASSERT(steps_of_even_change(afresh, edges, each) <= afresh + afresh / 10 + each);
  }));
}
TEST_CASE("a change whose end takes more than its beginning takes twice and a half a fresh start at most") {
  const work_limit limit(1'000, 100);
  CHECK(limit.allows(100, 0));
  CHECK_FALSE(limit.allows(101, 0));
  CHECK(limit.allows(1'500, 99));
  CHECK_FALSE(limit.allows(1'501, 100));
}
TEST_CASE("an even change of less than half of a fresh start is followed to its end") {
  CHECK(rc::check([] {
    const std::uint64_t edges = *rc::gen::inRange<std::uint64_t>(1, 2'000);
    const std::uint64_t each = *rc::gen::inRange<std::uint64_t>(1, 50);
    RC_ASSERT(steps_of_even_change(2 * edges * each, edges, each) == edges * each);
  }));
}
