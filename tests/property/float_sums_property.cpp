// Sums and means of floats of very different size: what has left a window must leave nothing behind.
#include <array>
#include <chrono>

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include "rules/compile.hpp"
#include "tests/property/tape.hpp"
#include "tests/support/alert_difference.hpp"
#include "tests/support/engine_run.hpp"

using namespace weir;
using namespace weir::testing;
using namespace std::chrono_literals;

namespace {

// No condition decides by a float: near a tie the engine and the oracle may differ.
constexpr const char* rule_text = R"(
entity account
event pay { at: time  acct: account  x: float? }
rule sums for acct {
  on pay
  when sum(pay.x) over 3s is missing or avg(pay.x) over prior 5s is missing or sum(pay.x) over 3 events is missing
    or avg(pay.x) over prior 2 events is missing or sum(pay.x where x > 0) over 1m is missing or count(pay) over 1s > 0
}
)";

std::vector<plain_event> payments_of(const tape& draw, const stream::schema& types) {
  static const std::vector<double> values{1, 0.1, 1e15, -1e15, 1e-7, 0.3, -0.2, 1e300, -1e300, 12345.678, 1e-300, 0};
  std::vector<plain_event> events;
  stream::duration at = 100s;
  tape_reader choices(draw);
  while (!choices.ended()) {
    at += 500ms * choices.choose(6);
    plain_value x;
    if (!choices.once_in(8)) x = choices.pick(values);
    events.push_back(make_event(types, "pay", at, {{"acct", choices.once_in(5) ? "A1" : "A0"}, {"x", x}}));
  }
  return in_one_source(std::move(events));
}

}  // namespace

TEST_CASE("sums and means of floats are near the true ones, and the same for any cut") {
  const rules::compilation compiled = rules::compile_text(rule_text);
  REQUIRE(compiled.result);
  const rules::program& program = *compiled.result;
  CHECK(rc::check([&](const tape& draw) {
    const std::vector<plain_event> events = payments_of(draw, program.schema);
    const std::vector<cep::pattern> patterns = program.patterns();
    const auto expected = find_alerts({program.schema, patterns, program.data, events});
    const auto whole = run_engine(program, events, one_batch(events)).alerts;
    std::string differs = difference(expected, whole, program, events);
    if (!differs.empty()) RC_FAIL(differs);
    differs = difference(whole, run_engine(program, events, batches_of(3, events)).alerts, program, events);
    if (!differs.empty()) RC_FAIL("for another cut: " + differs);
  }));
}
