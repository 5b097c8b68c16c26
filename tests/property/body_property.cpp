// Every form of a step against the oracle, on bodies made by hand: what the engine does wrong is not the compiler's
// fault, and few letters make many matches.
#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include "tests/property/body_draw.hpp"
#include "tests/support/alert_difference.hpp"
#include "tests/support/engine_run.hpp"
#include "tests/support/oracle_world.hpp"

using namespace weir;
using namespace weir::testing;

namespace {

rules::program program_of(const cep::pattern& pattern) {
  rules::program program;
  program.schema = types;
  rules::rule rule;
  rule.name = "r";
  rule.pattern = pattern;
  for (std::size_t i = 0; i < pattern.subjects.size(); ++i) rule.subject_names.push_back("s");
  program.rules.push_back(std::move(rule));
  return program;
}

std::vector<batch_cut> cuts_of(const body_draw& draw, const std::vector<plain_event>& events) {
  std::vector<std::size_t> sizes{1};
  for (const std::uint8_t choice : draw.cuts) sizes.push_back(choice % 5);
  const std::vector<stream::duration> lags{stream::duration::zero()};
  return batches_by(sizes, lags, events, stream::end_of_time);
}

}  // namespace

TEST_CASE("the engine finds every form of a step as the definitions say, for any cut") {
  CHECK(rc::check([](const body_draw& draw) {
    const rules::program program = program_of(plan_body(draw));
    const std::vector<plain_event> events = body_events(draw);
    const std::vector<cep::pattern> patterns = program.patterns();
    const std::vector<plain_alert> expected = find_alerts({program.schema, patterns, program.data, events});
    RC_CLASSIFY(!expected.empty(), "some alerts");
    RC_CLASSIFY(expected.size() > 5, "more than five");
    const engine_run whole = run_engine(program, events, one_batch(events));
    std::string differs = difference(expected, whole.alerts, program, events);
    if (!differs.empty()) RC_FAIL(differs);
    const engine_run cut = run_engine(program, events, cuts_of(draw, events));
    differs = difference(whole.alerts, cut.alerts, program, events);
    if (!differs.empty()) RC_FAIL("for another cut: " + differs);
    RC_ASSERT(whole.ids == cut.ids);
  }));
}
