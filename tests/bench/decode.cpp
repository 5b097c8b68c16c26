// How many records a second does the intake decode on one core, from bytes in memory to ordered columns?
//
// The records are those of the Payments workload (tests/support/payments.hpp), as NDJSON and as CSV; `late` gives the
// source a lateness, so that rows wait and are merged instead of being moved.

#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "stream/framer.hpp"
#include "stream/intake.hpp"
#include "tests/bench/payment_lines.hpp"
#include "tests/support/payments.hpp"

namespace {

using namespace weir::stream;

constexpr std::size_t records = 500'000;
constexpr std::size_t read_bytes = 256 << 10;
constexpr std::size_t batch_rows = 4096;

schema payment_schema() {
  schema types;
  const field_type card{.kind = type_kind::entity, .entity = types.add_entity("card")};
  const field_type text{.kind = type_kind::text};
  const field_type amount{.kind = type_kind::money, .currency = *find_currency("EUR")};
  types.add({.name = "payment",
             .fields = {{.name = "id", .type = text},
                        {.name = "card", .type = card},
                        {.name = "merchant", .type = text, .interned = true},
                        {.name = "amount", .type = amount}}});
  return types;
}

std::string payments_text(record_syntax syntax) {
  std::string text = syntax == record_syntax::csv ? "at,id,card,merchant,amount\n" : "";
  weir::testing::payments source;
  for (std::size_t i = 0; i < records; ++i) text += weir::bench::record_of(source.next(), syntax);
  return text;
}

std::vector<block> framed(const std::string& text, record_syntax syntax) {
  std::vector<block> blocks;
  std::vector<set_aside_record> aside;
  record_framer framer(syntax, source_id{});
  for (std::size_t begin = 0; begin < text.size(); begin += read_bytes) {
    if (auto made = framer.push(std::string_view{text}.substr(begin, read_bytes), aside)) blocks.push_back(*made);
  }
  if (auto made = framer.finish()) blocks.push_back(*made);
  return blocks;
}

source_options options_of(record_syntax syntax, duration lateness) {
  source_options options{.name = "payments", .format = {}, .lateness = lateness};
  options.format.syntax = syntax;
  options.format.event = event_type_id{0};
  return options;
}

/// What came out: rows, and a sum of the amounts, which holds the answer to the known one.
struct outcome {
  std::size_t rows = 0;
  std::int64_t cents = 0;
};

outcome run(std::vector<block> blocks, const schema& types, const source_options& source) {
  symbols names(types);
  intake in(types, names, {source});
  std::vector<set_aside_record> aside;
  outcome done;
  const auto take = [&] {
    while (const auto rows = in.next(batch_rows, aside)) {
      done.rows += rows->size();
      const auto& cents = (*rows)[event_type_id{0}][field_id{3}].values<column::numbers>();
      for (const std::int64_t c : cents) done.cents += c;
    }
  };
  for (block& bytes : blocks) {
    in.feed(source_id{0}, std::move(bytes));
    take();
  }
  in.end(source_id{0});
  take();
  return done;
}

void check(const outcome& done) {
  weir::testing::payments source;
  std::int64_t cents = 0;
  for (std::size_t i = 0; i < records; ++i) cents += source.next().cents;
  if (done.rows == records && done.cents == cents) return;
  std::fprintf(stderr, "the decoded rows are not the payments: %zu rows\n", done.rows);
  std::exit(1);
}

void decode(benchmark::State& state, record_syntax syntax, duration lateness) {
  const schema types = payment_schema();
  const std::string text = payments_text(syntax);
  const std::vector<block> blocks = framed(text, syntax);
  const source_options source = options_of(syntax, lateness);
  check(run(blocks, types, source));
  for (auto _ : state) {
    state.PauseTiming();
    std::vector<block> copy = blocks;
    state.ResumeTiming();
    benchmark::DoNotOptimize(run(std::move(copy), types, source));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(records));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

void frame(benchmark::State& state, record_syntax syntax) {
  const std::string text = payments_text(syntax);
  for (auto _ : state) benchmark::DoNotOptimize(framed(text, syntax));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(records));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

BENCHMARK_CAPTURE(decode, ndjson, record_syntax::ndjson, duration::zero())->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(decode, csv, record_syntax::csv, duration::zero())->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(decode, ndjson_late, record_syntax::ndjson, std::chrono::seconds{5})->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(frame, ndjson, record_syntax::ndjson)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(frame, csv, record_syntax::csv)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
