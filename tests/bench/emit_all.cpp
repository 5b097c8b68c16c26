// How long does the engine take to list ten million matches, all of them, of a sequence with a condition across its
// steps?
//
// r1 with `emit all` over few cards, so that a payment ends some hundred matches. Matches are held to a brute-force
// program's count; "items" are matches.

#include <cstdio>
#include <cstdlib>

#include "tests/bench/engine_job.hpp"
#include "tests/bench/payment_counts.hpp"

namespace {

using namespace weir;

void emit_all(benchmark::State& state) {
  const auto payments = bench::even_payments(1'000'000, 700);
  const std::uint64_t pairs = bench::count_pairs(payments);
  if (pairs < 10'000'000) {
    std::fprintf(stderr, "only %llu matches\n", static_cast<unsigned long long>(pairs));
    std::exit(1);
  }
  std::string rules = bench::reference_rule("r1");
  rules.insert(rules.rfind('}'), "  emit all limit 1000\n");
  bench::engine_job(rules, payments).measure(state, {{pairs}});
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(pairs));
}

BENCHMARK(emit_all)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
