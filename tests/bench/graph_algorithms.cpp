// How long does it take to bring the state of all vertices up to date after a micro-batch, and how long to start
// afresh?
//
// usage: graph_algorithms [SCALE [WINDOW [BATCHES [BATCH [NAME]]]]]: an R-MAT stream between 2^SCALE vertices with
// WINDOW edges in the window; BATCHES of BATCH edges come, and as many expire with each; of all algorithms, or the one
// with this name. Times are the processor's, of the one thread there is. What is checked, before and after the time is
// taken, is that each state is what a fresh start gives.

#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <span>
#include <string_view>
#include <vector>

#include "graph/algorithms/communities.hpp"
#include "graph/algorithms/components.hpp"
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
#include "tests/bench/arguments.hpp"
#include "tests/bench/rmat.hpp"

using namespace weir::graph;
using weir::bench::number;
using weir::bench::rmat_stream;

namespace {

// Edges come one a microsecond.
constexpr std::int64_t cycle_within_us = 10'000;

struct plan {
  unsigned scale = 20;
  std::size_t window = 14'000'000;
  std::size_t batches = 200;
  std::size_t batch = 1'000;
  std::string_view only;
};

plan plan_of(int argc, char** argv) {
  plan p;
  p.scale = static_cast<unsigned>(number(argc, argv, 1, p.scale));
  p.window = number(argc, argv, 2, p.window);
  p.batches = number(argc, argv, 3, p.batches);
  p.batch = number(argc, argv, 4, p.batch);
  if (argc > 5) p.only = argv[5];
  return p;
}

double processor_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) * 1e-6;
}

double milliseconds_of(auto work) {
  const double start = processor_ms();
  work();
  return processor_ms() - start;
}

void require(bool is_right, const char* name) {
  if (is_right) return;
  std::fprintf(stderr, "%s: the state is not what a fresh start gives\n", name);
  std::exit(1);
}

template <class Algorithm>
void run(const char* name, const plan& p, std::span<const edge_event> stream, Algorithm kept = {}) {
  if (!p.only.empty() && p.only != name) return;
  store g({.keep_us = static_cast<std::int64_t>(p.window) - 1});
  g.apply(stream.first(p.window), stream[p.window - 1].at);
  kept.recompute(g);
  std::vector<double> applied;
  for (std::size_t i = 0; i < p.batches; ++i) {
    const auto some = stream.subspan(p.window + i * p.batch, p.batch);
    const delta& change = g.apply(some, some.back().at);
    applied.push_back(milliseconds_of([&] { kept.apply(g, change); }));
    if (i == 0) require(kept.verify(g), name);
  }
  require(kept.verify(g), name);
  const double afresh = milliseconds_of([&] { kept.recompute(g); });
  std::ranges::sort(applied);
  const double median = applied[applied.size() / 2];
  const double mean = std::accumulate(applied.begin(), applied.end(), 0.0) / static_cast<double>(applied.size());
  std::printf("%-10s  %zu in + %zu out: %.3f ms (mean %.3f, 99 %%: %.3f, most %.3f ms); afresh %.1f ms, %.1f times\n",
              name, p.batch, p.batch, median, mean, applied[applied.size() * 99 / 100], applied.back(), afresh,
              afresh / median);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const plan p = plan_of(argc, argv);
  const auto stream = rmat_stream({.scale = p.scale, .edges = p.window + p.batches * p.batch});
  run<flows>("flows", p, stream);
  run<fans>("fans", p, stream);
  run<components>("components", p, stream);
  run("hops", p, stream, hops({.sources = {stream[0].from}, .at_most = 100}));
  run<page_rank>("pagerank", p, stream);
  run<triangles>("triangles", p, stream);
  run<k_core>("k_core", p, stream);
  run<strong_components>("strong", p, stream);
  run("cycles", p, stream, temporal_cycles({.length_max = 3, .within_us = cycle_within_us}));
  run<label_propagation>("labels", p, stream);
  run<communities>("communities", p, stream);
}
