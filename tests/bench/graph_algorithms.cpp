// How long does it take to bring the state of all vertices up to date after a micro-batch, and how long to start
// afresh?
//
// usage: graph_algorithms [SCALE [WINDOW [BATCHES [BATCH [NAME]]]]]: an R-MAT stream between 2^SCALE vertices with
// WINDOW edges in the window; BATCHES of BATCH edges come, and as many expire with each; of all algorithms, or the one
// with this name. Times are the processor's, of the one thread there is. What is checked, before and after the time is
// taken, is that each state is what a fresh start gives.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <span>
#include <string_view>
#include <vector>

#include "graph/store.hpp"
#include "tests/bench/arguments.hpp"
#include "tests/bench/graph_states.hpp"
#include "tests/bench/processor_time.hpp"
#include "tests/bench/rmat.hpp"

using namespace weir::graph;
using weir::bench::number;
using weir::bench::processor_ms_of;
using weir::bench::rmat_stream;

namespace {

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

void require(bool is_right, const char* name) {
  if (is_right) return;
  std::fprintf(stderr, "%s: the state is not what a fresh start gives\n", name);
  std::exit(1);
}

template <class Algorithm>
void run(const char* name, const plan& p, std::span<const edge_event> stream, Algorithm kept) {
  store g({.keep_us = static_cast<std::int64_t>(p.window) - 1});
  g.apply(stream.first(p.window), stream[p.window - 1].at);
  kept.recompute(g);
  std::vector<double> applied;
  for (std::size_t i = 0; i < p.batches; ++i) {
    const auto some = stream.subspan(p.window + i * p.batch, p.batch);
    const delta& change = g.apply(some, some.back().at);
    applied.push_back(processor_ms_of([&] { kept.apply(g, change); }));
    if (i == 0) require(kept.verify(g), name);
  }
  require(kept.verify(g), name);
  const double afresh = processor_ms_of([&] { kept.recompute(g); });
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
  weir::bench::each_graph_state(stream[0].from, [&](const char* name, const auto& state) {
    if (p.only.empty() || p.only == name) run(name, p, stream, state);
  });
}
