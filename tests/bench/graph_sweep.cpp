// Does it ever take longer to bring the state of all vertices up to date than to start afresh, however large the
// micro-batch is?
//
// usage: graph_sweep [SCALE [WINDOW [PAIRS [NAME [BATCH]]]]]: an R-MAT stream between 2^SCALE vertices with WINDOW
// edges in the window, of which a batch replaces 100, a few of a hundred, or all (or BATCH); for each algorithm, or the
// one with this name. Each batch is applied, and then the same state is made afresh, PAIRS times: of both, and of the
// ratio within each pair, the median. Times are the processor's, of the one thread there is. What is checked before
// they are printed is that each state is what a fresh start gives.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string_view>
#include <vector>

#include "graph/store.hpp"
#include "tests/bench/arguments.hpp"
#include "tests/bench/graph_states.hpp"
#include "tests/bench/processor_time.hpp"
#include "tests/bench/rmat.hpp"

using namespace weir::graph;
namespace bench = weir::bench;
using bench::number;

namespace {

struct plan {
  unsigned scale = 17;
  std::size_t window = 1'000'000;
  std::size_t pairs = 3;
  std::string_view only;
  std::size_t batch = 0;  // all of them
};

plan plan_of(int argc, char** argv) {
  plan p;
  p.scale = static_cast<unsigned>(number(argc, argv, 1, p.scale));
  p.window = number(argc, argv, 2, p.window);
  p.pairs = number(argc, argv, 3, p.pairs);
  if (argc > 4) p.only = argv[4];
  p.batch = std::min(number(argc, argv, 5, p.batch), p.window);
  return p;
}

std::vector<std::size_t> batches_of(const plan& p) {
  if (p.batch > 0) return {p.batch};
  const std::size_t percent = p.window / 100;
  return {100, percent, 3 * percent, 10 * percent, 25 * percent, 50 * percent, p.window};
}

double median(std::vector<double> all) {
  std::ranges::sort(all);
  return all[all.size() / 2];
}

template <class Algorithm>
void run(const char* name, const plan& p, std::span<const edge_event> stream, std::size_t batch, Algorithm kept) {
  store g({.keep_us = static_cast<std::int64_t>(p.window) - 1});
  g.apply(stream.first(p.window), stream[p.window - 1].at);
  kept.recompute(g);
  std::vector<double> applied;
  std::vector<double> afresh;
  std::vector<double> ratios;
  for (std::size_t i = 0; i < p.pairs; ++i) {
    const auto some = stream.subspan(p.window + i * batch, batch);
    const delta& change = g.apply(some, some.back().at);
    applied.push_back(bench::processor_ms_of([&] { kept.apply(g, change); }));
    if (!kept.verify(g)) {
      std::fprintf(stderr, "%s: the state is not what a fresh start gives\n", name);
      std::exit(1);
    }
    afresh.push_back(bench::processor_ms_of([&] { kept.recompute(g); }));
    ratios.push_back(applied.back() / afresh.back());
  }
  std::printf("%-11s  %8zu in and out: %9.3f ms, afresh %9.3f ms, ratio %.2f\n", name, batch, median(applied),
              median(afresh), median(ratios));
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const plan p = plan_of(argc, argv);
  const auto stream = bench::rmat_stream({.scale = p.scale, .edges = (1 + p.pairs) * p.window});
  bench::each_graph_state(stream[0].from, [&](const char* name, const auto& state) {
    if (!p.only.empty() && p.only != name) return;
    for (const std::size_t batch : batches_of(p)) run(name, p, stream, batch, state);
  });
}
