// Limits that are reached all the time, on rules and streams that nobody wrote.
#include <algorithm>

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include "tests/property/compiled_case.hpp"
#include "tests/support/alert_difference.hpp"
#include "tests/support/engine_run.hpp"

using namespace weir;
using namespace weir::testing;

namespace {

struct limits_draw {
  std::uint8_t events = 0;
  std::uint8_t subjects = 0;
};

/// Some of the rules get one limit, some the other, some both, and some none.
void set_limits(rules::program& program, const limits_draw& draw) {
  using enum cep::limit_policy;
  std::uint32_t turn = 0;
  for (rules::rule& r : program.rules) {
    const auto limit = [&](std::uint32_t choice) -> std::optional<cep::state_limit> {
      if (choice % 4 == 3) return std::nullopt;
      return cep::state_limit{.most = 1 + choice / 16 % 4, .policy = choice / 4 % 2 == 0 ? evict : refuse};
    };
    r.pattern.limits = {.events = limit(draw.events + turn), .subjects = limit(draw.subjects + 2 * turn)};
    ++turn;
  }
}

bool reached(const engine_run& run) {
  return std::ranges::any_of(run.counted, [](const cep::pattern_counters& c) {
    return c.events_forgotten + c.events_refused + c.subjects_forgotten + c.subjects_refused > 0;
  });
}

/// The counters of limits alone.
std::vector<cep::pattern_counters> at_limits(const std::vector<cep::pattern_counters>& counted) {
  std::vector<cep::pattern_counters> found;
  for (const cep::pattern_counters& c : counted) {
    found.push_back({.events_forgotten = c.events_forgotten,
                     .events_refused = c.events_refused,
                     .subjects_forgotten = c.subjects_forgotten,
                     .subjects_refused = c.subjects_refused});
  }
  return found;
}

/// Everything that holds any number of events of one stratum, so that the oracle counts what the engine does.
void keep_first_stratum(rules::program& program) {
  std::erase_if(program.rules, [](const rules::rule& r) { return r.stratum > 0; });
  for (rules::rule& r : program.rules) r.raise.reset();
}

plain_run plain_run_of(const compiled_case& c, const std::vector<cep::pattern>& patterns) {
  return {c.program.schema, patterns, c.program.data, c.events, c.final_watermark};
}

compiled_case compile_lengthened(case_draw draw) {
  const stream_draw once = draw.events;
  for (int i = 1; i < 4; ++i) draw.events.insert(draw.events.end(), once.begin(), once.end());
  return compile_case(draw);
}

}  // namespace

TEST_CASE("at its limits a rule finds what the definitions say") {
  CHECK(rc::check([](const case_draw& draw, std::uint8_t events, std::uint8_t subjects) {
    compiled_case c = compile_case(draw);
    set_limits(c.program, {events, subjects});
    const std::vector<plain_alert> expected = expected_alerts(c);
    const engine_run found = run_engine(c.program, c.events, one_batch(c.events, c.final_watermark));
    RC_CLASSIFY(!expected.empty(), "some alerts");
    RC_CLASSIFY(reached(found), "a limit was reached");
    RC_CLASSIFY(reached(found) && !expected.empty(), "and some alerts");
    const std::string differs = difference(expected, found.alerts, c.program, c.events);
    if (!differs.empty()) RC_FAIL(differs);
  }));
}

TEST_CASE("what is forgotten and refused is counted as the definitions say") {
  CHECK(rc::check([](const case_draw& draw, std::uint8_t events, std::uint8_t subjects) {
    compiled_case c = compile_case(draw);
    keep_first_stratum(c.program);
    set_limits(c.program, {events, subjects});
    const std::vector<cep::pattern> patterns = c.program.patterns();
    const auto expected = find_limited(plain_run_of(c, patterns));
    const engine_run found = run_engine(c.program, c.events, one_batch(c.events, c.final_watermark));
    RC_CLASSIFY(reached(found), "a limit was reached");
    RC_ASSERT(at_limits(found.counted) == expected);
  }));
}

TEST_CASE("where limits stop the run, its alerts are those before that event") {
  CHECK(rc::check([](const case_draw& draw, std::uint8_t events, std::uint8_t subjects) {
    compiled_case c = compile_case(draw);
    keep_first_stratum(c.program);
    set_limits(c.program, {events, subjects});
    for (rules::rule& r : c.program.rules) {
      for (auto* limit : {&r.pattern.limits.events, &r.pattern.limits.subjects}) {
        if (*limit) (*limit)->policy = cep::limit_policy::stop;
      }
    }
    const std::vector<cep::pattern> patterns = c.program.patterns();
    const std::vector<plain_alert> expected = find_alerts(plain_run_of(c, patterns));
    const engine_run found = run_engine(c.program, c.events, c.cuts, with_threads(c.threads));
    RC_CLASSIFY(found.stop.has_value(), "stopped");
    RC_CLASSIFY(found.stop && !expected.empty(), "and some alerts");
    const std::string differs = difference(expected, found.alerts, c.program, c.events);
    if (!differs.empty()) RC_FAIL(differs);
    std::uint64_t counted = 0;
    for (const cep::pattern_counters& one : found.counted) counted += one.matches;
    RC_ASSERT(counted == found.alerts.size());
  }));
}

TEST_CASE("limits do not depend on the cut into batches, nor on threads, nor on ids") {
  CHECK(rc::check([](const case_draw& draw, std::uint8_t events, std::uint8_t subjects) {
    compiled_case c = compile_lengthened(draw);
    set_limits(c.program, {events, subjects});
    const engine_run whole = run_engine(c.program, c.events, one_batch(c.events, c.final_watermark));
    const engine_run cut = run_engine(c.program, c.events, c.cuts, with_threads(c.threads));
    const engine_run singly =
        run_engine_recycling(c.program, c.events, batches_of(1, c.events, c.final_watermark)).first;
    RC_CLASSIFY(reached(whole), "a limit was reached");
    const std::string differs = difference(whole.alerts, cut.alerts, c.program, c.events) +
                                difference(whole.alerts, singly.alerts, c.program, c.events);
    if (!differs.empty()) RC_FAIL(differs);
    RC_ASSERT(whole.ids == cut.ids);
    RC_ASSERT(whole.ids == singly.ids);
    RC_ASSERT(whole.counted == cut.counted);
    RC_ASSERT(whole.counted == singly.counted);
  }));
}

TEST_CASE("limits that are not reached change nothing") {
  CHECK(rc::check([](const case_draw& draw) {
    compiled_case c = compile_lengthened(draw);
    const engine_run without = run_engine(c.program, c.events, c.cuts);
    for (rules::rule& r : c.program.rules) {
      r.pattern.limits = {.events = cep::state_limit{.most = 1'000'000},
                          .subjects = cep::state_limit{.most = 1'000'000}};
    }
    const engine_run with = run_engine(c.program, c.events, c.cuts);
    const std::string differs = difference(without.alerts, with.alerts, c.program, c.events);
    if (!differs.empty()) RC_FAIL(differs);
    RC_ASSERT(without.ids == with.ids);
    RC_ASSERT(without.counted == with.counted);
  }));
}
