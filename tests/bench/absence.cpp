// How many decoded payments a second does a rule take whose deadlines most events arm and break?
//
// Every payment arms a deadline of its card, and breaks those that are armed: with 20,000 cards and a payment a
// millisecond, most are broken before they pass. Alerts are held to a brute-force program's.

#include "tests/bench/engine_job.hpp"
#include "tests/bench/payment_counts.hpp"

namespace {

using namespace weir;

void absences(benchmark::State& state) {
  const auto payments = bench::even_payments(1'000'000, 20'000);
  const std::string rules =
      bench::payment_declarations() + "rule quiet for card {\n  match p: payment\n  then  no payment within 30s\n}\n";
  bench::engine_job(rules, payments).measure(state, {{bench::count_silences(payments, 30'000)}});
}

BENCHMARK(absences)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
