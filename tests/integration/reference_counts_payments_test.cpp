// The Payments workload in memory: the counts that other engines and brute-force programs agree on.
#include <algorithm>
#include <array>
#include <chrono>

#include <catch2/catch.hpp>

#include "cep/engine.hpp"
#include "rules/compile.hpp"
#include "tests/support/alert_difference.hpp"
#include "tests/support/engine_run.hpp"
#include "tests/support/payments.hpp"

using namespace weir;
using namespace weir::testing;

namespace {

using counts = std::array<std::uint64_t, 4>;  // r1 to r4

struct counted {
  counts no_drain{};
  counts drained{};
};

rules::program compiled() {
  rules::compilation compilation = rules::compile_text(payments_rules());
  for (const rules::diagnostic& d : compilation.findings) UNSCOPED_INFO(rules::render(d, compilation.files));
  REQUIRE(compilation.result);
  return std::move(*compilation.result);
}

/// Payments in batches of `rows`; stops at the greatest time seen, then drains.
counted count_alerts(std::size_t events, std::size_t rows) {
  const rules::program program = compiled();
  stream::symbols names(program.schema);
  cep::engine engine(program.patterns(), program.data, program.schema, names);
  stream::event_log log;
  payments source;
  counted result;
  const auto take = [&](stream::batch batch, counts& into) {
    log.append(std::move(batch));
    for (const cep::match& m : engine.advance(log)) ++into[m.pattern];
    const stream::timestamp watermark = log.last().watermark();
    if (watermark != stream::end_of_time) log.drop_before(watermark - engine.retention());
  };
  for (std::size_t made = 0; made < events; made += rows) {
    stream::batch batch = next_batch(source, std::min(rows, events - made), program.schema, names);
    // Without draining the clock stops at the greatest time seen.
    if (made + rows >= events) batch.set_watermark(batch.at(batch.order().back()));
    take(std::move(batch), result.no_drain);
  }
  result.drained = result.no_drain;
  stream::batch end(program.schema);
  end.set_watermark(stream::end_of_time);
  take(std::move(end), result.drained);
  return result;
}

std::vector<plain_event> few_payments(std::size_t events, std::uint32_t cards, const stream::schema& types) {
  payments source;
  std::vector<plain_event> made;
  for (std::size_t i = 0; i < events; ++i) {
    const payment p = source.next();
    made.push_back(make_event(types, "payment", std::chrono::seconds(p.number),
                              {{"id", std::to_string(p.number)},
                               {"card", std::to_string(p.card % cards)},
                               {"merchant", std::to_string(p.merchant % 10)},
                               {"amount", p.cents}}));
  }
  return in_one_source(std::move(made));
}

}  // namespace

TEST_CASE("a million payments give the reference counts", "[quick]") {
  const counted found = count_alerts(1'000'000, 4096);
  CHECK(found.drained == counts{52'769, 133'399, 18'605, 36'268});
  CHECK(found.no_drain == counts{52'769, 133'399, 17'992, 36'268});
}

TEST_CASE("five million payments give the reference counts", "[slow]") {
  const counted found = count_alerts(5'000'000, 4096);
  CHECK(found.drained == counts{333'063, 1'157'824, 92'377, 218'963});
  CHECK(found.no_drain == counts{333'063, 1'157'824, 91'734, 218'963});
}

TEST_CASE("the payments' rules agree with the oracle on a few cards", "[quick]") {
  const rules::program program = compiled();
  const std::vector<plain_event> events = few_payments(1'500, 40, program.schema);
  const std::vector<cep::pattern> patterns = program.patterns();
  const auto expected = find_alerts({program.schema, patterns, program.data, events});
  REQUIRE(expected.size() > 100);
  const engine_run found = run_engine(program, events, batches_of(64, events));
  CHECK(difference(expected, found.alerts, program, events) == "");
}
