// How many decoded payments a second does the engine match on one core: each reference rule, all four, 100 sequences
// that differ in a constant, 1,000 that differ in a guard? And how many on two cores (threads:2, by real time)?
//
// The events are those of the Payments workload (tests/support/payments.hpp), in batches of 4,096 rows made beforehand;
// what is timed is the log and the engine, as the loop of `weir run` calls them. The alerts are counted, not written.

#include <cstdint>
#include <string>
#include <vector>

#include "tests/bench/engine_job.hpp"

namespace {

using namespace weir;

std::string hundred() {
  std::string text = bench::payment_declarations();
  for (int i = 0; i < 100; ++i) {
    const std::string cents = std::to_string(100 + i).substr(1);
    text += "rule s" + std::to_string(i) + " for card {\n  match small: payment where amount < 2." + cents +
            " EUR\n  then  large: payment where amount > 500 EUR and merchant != small.merchant\n  within 10m\n}\n";
  }
  return text;
}

std::string thousand() {
  std::string text = bench::payment_declarations();
  for (int i = 0; i < 1000; ++i) {
    const std::string n = std::to_string(i);
    text += "rule s" + n + " for card {\n  match small: payment where amount < 2 EUR\n" +
            "  then  large: payment where amount > 500 EUR and merchant != small.merchant and merchant = \"" + n +
            "\"\n  within 10m\n}\n";
  }
  return text;
}

struct workload {
  std::string name;
  std::string rules;
  std::vector<std::uint64_t> alerts;
};

/// With the alerts of 1,000,000 events when the clock is left at the greatest time: computed by independent brute-force
/// programs.
std::vector<workload> workloads() {
  return {{"r1", bench::reference_rule("r1"), {52'769}},
          {"r2", bench::reference_rule("r2"), {133'399}},
          {"r3", bench::reference_rule("r3"), {17'992}},
          {"r4", bench::reference_rule("r4"), {36'268}},
          {"four", testing::payments_rules(), {52'769, 133'399, 17'992, 36'268}},
          {"hundred", hundred(), {5'287'759}},
          {"thousand", thousand(), {52'769}}};
}

void match(benchmark::State& state, const workload& what, const std::vector<testing::payment>& payments,
           std::size_t threads) {
  bench::engine_job(what.rules, payments).measure(state, what.alerts, threads);
}

}  // namespace

int main(int argc, char** argv) {
  const auto payments = bench::even_payments(1'000'000);
  for (const workload& one : workloads()) {
    benchmark::RegisterBenchmark(one.name.c_str(), [one, &payments](benchmark::State& s) {
      match(s, one, payments, 1);
    })->Unit(benchmark::kMillisecond);
  }
  for (const workload& one : workloads()) {
    benchmark::RegisterBenchmark((one.name + "/threads:2").c_str(),
                                 [one, &payments](benchmark::State& s) { match(s, one, payments, 2); })
        ->Unit(benchmark::kMillisecond)
        ->UseRealTime();
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
