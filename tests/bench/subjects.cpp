// How many decoded payments a second do the four reference rules take when few subjects have most of the events, and
// when there are a million subjects, or ten?
//
// `even_100k` is the reference workload, to compare with. Alerts are held to a brute-force program's, which is held to
// the known counts.

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>

#include "tests/bench/engine_job.hpp"
#include "tests/bench/payment_counts.hpp"

namespace {

using namespace weir;
using payments = std::vector<testing::payment>;

void match(benchmark::State& state, const payments& made) {
  const auto expected = bench::count_alerts(made);
  bench::engine_job(testing::payments_rules(), made).measure(state, expected);
}

void even(benchmark::State& state, std::uint32_t cards, std::size_t events) {
  match(state, bench::even_payments(events, cards));
}

void skewed(benchmark::State& state) { match(state, bench::skewed_payments(1'000'000, 100'000, 1.1)); }

void check_the_counting() {
  constexpr std::array<std::uint64_t, 4> known = {52'769, 133'399, 17'992, 36'268};
  if (bench::count_alerts(bench::even_payments(1'000'000)) == known) return;
  std::fprintf(stderr, "the brute-force program does not find the known counts\n");
  std::exit(1);
}

BENCHMARK_CAPTURE(even, 100k, 100'000, 1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(skewed)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(even, 1m, 1'000'000, 4'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(even, 10m, 10'000'000, 10'000'000)->Unit(benchmark::kMillisecond);

}  // namespace

int main(int argc, char** argv) {
  check_the_counting();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
