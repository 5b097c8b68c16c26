// The engine against its slow twin, on rules, streams and cuts that nobody wrote.
#include <algorithm>
#include <set>
#include <span>

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include "tests/property/compiled_case.hpp"
#include "tests/support/alert_difference.hpp"
#include "tests/support/engine_run.hpp"
#include "tests/support/oracle.hpp"

using namespace weir;
using namespace weir::testing;

namespace {

/// The events a few times over: the oracle would not come to an end, the engine's states fill up.
compiled_case compile_lengthened(case_draw draw) {
  constexpr std::size_t times = 4;
  const stream_draw once = draw.events;
  for (std::size_t i = 1; i < times; ++i) draw.events.insert(draw.events.end(), once.begin(), once.end());
  return compile_case(draw);
}

/// Every subject's name changes every few seconds, so that ever new ones come.
void churn_names(std::vector<plain_event>& events, const stream::schema& types) {
  for (plain_event& event : events) {
    const auto& fields = types[event.type].fields;
    const auto period = event.at.time_since_epoch() / std::chrono::seconds{8};
    for (std::size_t i = 0; i < fields.size(); ++i) {
      auto* const text = std::get_if<std::string>(&event.fields[i]);
      if (text != nullptr && fields[i].type.kind == stream::type_kind::entity) *text += std::to_string(period);
    }
  }
}

}  // namespace

TEST_CASE("ids that are handed out again change nothing") {
  CHECK(rc::check([](const case_draw& draw) {
    compiled_case c = compile_lengthened(draw);
    churn_names(c.events, c.program.schema);
    const engine_run kept = run_engine(c.program, c.events, c.cuts);
    const auto [recycled, any] = run_engine_recycling(c.program, c.events, c.cuts, with_threads(draw.threads));
    const auto [singly, any_singly] =
        run_engine_recycling(c.program, c.events, batches_of(1, c.events, c.final_watermark));
    RC_CLASSIFY(any, "some ids handed out again");
    RC_CLASSIFY(any && !kept.alerts.empty(), "and some alerts");
    RC_CLASSIFY(any_singly, "some, with batches of one");
    const std::string differs = difference(kept.alerts, recycled.alerts, c.program, c.events) +
                                difference(kept.alerts, singly.alerts, c.program, c.events);
    if (!differs.empty()) RC_FAIL(differs);
    RC_ASSERT(kept.ids == recycled.ids);
    RC_ASSERT(kept.ids == singly.ids);
  }));
}

TEST_CASE("the engine finds what the definitions say, on any rules and any stream") {
  CHECK(rc::check([](const case_draw& draw) {
    const compiled_case c = compile_case(draw);
    const std::vector<plain_alert> expected = expected_alerts(c);
    const engine_run found = run_engine(c.program, c.events, one_batch(c.events, c.final_watermark));
    RC_CLASSIFY(!expected.empty(), "some alerts");
    const std::string differs = difference(expected, found.alerts, c.program, c.events);
    if (!differs.empty()) RC_FAIL(differs);
  }));
}

TEST_CASE("any cut into batches gives the same alerts, in the same order, with the same ids") {
  CHECK(rc::check([](const case_draw& draw) {
    const compiled_case c = compile_lengthened(draw);
    const engine_run whole = run_engine(c.program, c.events, one_batch(c.events, c.final_watermark));
    const engine_run cut = run_engine(c.program, c.events, c.cuts);
    const engine_run singly = run_engine(c.program, c.events, batches_of(1, c.events, c.final_watermark));
    const std::string differs = difference(whole.alerts, cut.alerts, c.program, c.events) +
                                difference(whole.alerts, singly.alerts, c.program, c.events);
    if (!differs.empty()) RC_FAIL(differs);
    RC_ASSERT(whole.ids == cut.ids);
    RC_ASSERT(whole.ids == singly.ids);
    RC_ASSERT(std::set(whole.ids.begin(), whole.ids.end()).size() == whole.ids.size());
  }));
}

TEST_CASE("any number of threads gives the same alerts, in the same order, with the same ids") {
  CHECK(rc::check([](const case_draw& draw) {
    const compiled_case c = compile_lengthened(draw);
    const engine_run alone = run_engine(c.program, c.events, one_batch(c.events, c.final_watermark));
    const engine_run whole =
        run_engine(c.program, c.events, one_batch(c.events, c.final_watermark), with_threads(draw.threads));
    const engine_run cut = run_engine(c.program, c.events, c.cuts, with_threads(9 - draw.threads));
    const std::string differs = difference(alone.alerts, whole.alerts, c.program, c.events) +
                                difference(alone.alerts, cut.alerts, c.program, c.events);
    if (!differs.empty()) RC_FAIL(differs);
    RC_ASSERT(alone.ids == whole.ids);
    RC_ASSERT(alone.ids == cut.ids);
    RC_ASSERT(alone.counted == whole.counted);
    RC_ASSERT(alone.counted == cut.counted);
  }));
}

TEST_CASE("what a run has raised when it is stopped is the beginning of what one that starts again raises") {
  CHECK(rc::check([](const case_draw& draw) {
    const compiled_case c = compile_lengthened(draw);
    const engine_run whole = run_engine(c.program, c.events, one_batch(c.events, c.final_watermark));
    const std::size_t batches = draw.lags.empty() ? 0 : draw.lags.front() % c.cuts.size();
    const engine_run stopped = run_engine(c.program, c.events, std::span(c.cuts).first(batches));
    RC_ASSERT(stopped.alerts.size() <= whole.alerts.size());
    const auto begun = std::span(whole.alerts).first(stopped.alerts.size());
    const std::string differs = difference(begun, stopped.alerts, c.program, c.events);
    if (!differs.empty()) RC_FAIL(differs);
    RC_ASSERT(std::ranges::equal(stopped.ids, std::span(whole.ids).first(stopped.ids.size())));
  }));
}
