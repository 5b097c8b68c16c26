// How many decoded payments a second does the engine match on one core: each reference rule, all four, 100 sequences
// that differ in a constant, 1,000 that differ in a guard?
//
// The events are those of the Payments workload (tests/support/payments.hpp), in batches of 4,096 rows made beforehand;
// what is timed is the log and the engine, as the loop of `weir run` calls them. The alerts are counted, not written.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "cep/engine.hpp"
#include "rules/compile.hpp"
#include "tests/support/payments.hpp"

namespace {

using namespace weir;

constexpr std::size_t events = 1'000'000;
constexpr std::size_t batch_rows = 4096;

const std::string declarations =
    "entity card\nevent payment { at: time  id: text  card: card  merchant: text  amount: money(EUR) }\n";

std::string only(const std::string& rule) {
  const std::string all = testing::payments_rules();
  const std::size_t begin = all.find("rule " + rule + " ");
  const std::size_t end = all.find("\nrule ", begin);
  return declarations + all.substr(begin, end == std::string::npos ? end : end - begin) + "\n";
}

std::string hundred() {
  std::string text = declarations;
  for (int i = 0; i < 100; ++i) {
    const std::string cents = std::to_string(100 + i).substr(1);
    text += "rule s" + std::to_string(i) + " for card {\n  match small: payment where amount < 2." + cents +
            " EUR\n  then  large: payment where amount > 500 EUR and merchant != small.merchant\n  within 10m\n}\n";
  }
  return text;
}

std::string thousand() {
  std::string text = declarations;
  for (int i = 0; i < 1000; ++i) {
    const std::string n = std::to_string(i);
    text += "rule s" + n + " for card {\n  match small: payment where amount < 2 EUR\n" +
            "  then  large: payment where amount > 500 EUR and merchant != small.merchant and merchant = \"" + n +
            "\"\n  within 10m\n}\n";
  }
  return text;
}

// Alerts of 1,000,000 events with the clock left at the greatest time: computed by independent brute-force programs.
const std::map<std::string, std::uint64_t> expected = {{"r1", 52'769},      {"r2", 133'399},   {"r3", 17'992},
                                                       {"r4", 36'268},      {"four", 240'428}, {"hundred", 5'287'759},
                                                       {"thousand", 52'769}};

std::vector<stream::batch> batches_of(const stream::schema& types, stream::symbols& names) {
  testing::payments source;
  std::vector<stream::batch> batches;
  for (std::size_t made = 0; made < events;) {
    const std::size_t rows = std::min(batch_rows, events - made);
    batches.push_back(testing::next_batch(source, rows, types, names));
    made += rows;
  }
  // The last event's own time: deadlines that lie there are still open.
  batches.back().set_watermark(batches.back().at(batches.back().order().back()));
  return batches;
}

void match(benchmark::State& state, const std::string& name, const std::string& text) {
  const auto compiled = rules::compile_text(text);
  if (!compiled.result) std::abort();
  const rules::program& program = *compiled.result;
  for (auto _ : state) {
    state.PauseTiming();
    stream::symbols names(program.schema);
    cep::engine engine(program.patterns(), program.data, program.schema, names);
    stream::event_log log;
    std::vector<stream::batch> batches = batches_of(program.schema, names);
    std::uint64_t alerts = 0;
    state.ResumeTiming();
    for (stream::batch& rows : batches) {
      const stream::timestamp watermark = rows.watermark();
      log.append(std::move(rows));
      alerts += engine.advance(log).size();
      log.drop_before(stream::saturating_add(watermark, -engine.retention()));
    }
    state.PauseTiming();
    if (alerts != expected.at(name)) {
      std::fprintf(stderr, "%s: %llu alerts, expected %llu\n", name.c_str(), static_cast<unsigned long long>(alerts),
                   static_cast<unsigned long long>(expected.at(name)));
      std::exit(1);
    }
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(events));
}

}  // namespace

int main(int argc, char** argv) {
  std::map<std::string, std::string> workloads = {
      {"four", testing::payments_rules()}, {"hundred", hundred()}, {"thousand", thousand()}};
  for (const char* rule : {"r1", "r2", "r3", "r4"}) workloads[rule] = only(rule);
  for (const auto& [name, text] : workloads) {
    benchmark::RegisterBenchmark(name.c_str(), [name = name, text = text](benchmark::State& s) {
      match(s, name, text);
    })->Unit(benchmark::kMillisecond);
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
