// Rules that change while the stream goes on, at borders and in ways that nobody chose.
#include <algorithm>
#include <span>

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include "tests/property/compiled_case.hpp"
#include "tests/support/alert_difference.hpp"
#include "tests/support/engine_run.hpp"

using namespace weir;
using namespace weir::testing;

namespace {

/// The case without rules that are off, so that a rule's place in the program is its number; one rule at least.
compiled_case compile_active(const case_draw& draw) {
  compiled_case c = compile_case(draw);
  std::erase_if(c.program.rules, [](const rules::rule& r) { return r.mode == rules::rule_mode::off; });
  RC_PRE(!c.program.rules.empty());
  return c;
}

/// A rule's part of what a run said.
engine_run of_rule(const engine_run& run, std::uint32_t number) {
  engine_run part;
  for (std::size_t i = 0; i < run.alerts.size(); ++i) {
    if (run.alerts[i].pattern != number) continue;
    part.alerts.push_back(run.alerts[i]);
    part.ids.push_back(run.ids[i]);
  }
  return part;
}

void require_equal(const engine_run& expected, const engine_run& found, const compiled_case& c) {
  const std::string differs = difference(expected.alerts, found.alerts, c.program, c.events);
  if (!differs.empty()) RC_FAIL(differs);
  RC_ASSERT(expected.ids == found.ids);
}

/// The program without some of its rules: those whose bit is not set. The others may stand in another order.
rules::program part_of(const rules::program& whole, std::uint32_t mask, bool turned) {
  rules::program part = whole;
  part.rules.clear();
  for (std::size_t i = 0; i < whole.rules.size(); ++i) {
    if ((mask >> (i % 32)) & 1) part.rules.push_back(whole.rules[i]);
  }
  if (turned) std::ranges::reverse(part.rules);
  return part;
}

/// A rule that matches nothing which another raises, so that it does not depend on the others: its place in the
/// program.
std::size_t rule_by_itself(const rules::program& program, std::size_t choice) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < program.rules.size(); ++i) {
    if (program.rules[i].stratum == 0) found.push_back(i);
  }
  RC_PRE(!found.empty());  // the rules that raised what these match were off
  return found[choice % found.size()];
}

std::uint8_t at(const tape& choices, std::size_t i) { return choices.empty() ? 0 : choices[i % choices.size()]; }

/// Runs the case with as many threads as it says; `before(i, session)` is called before batch number i.
template <class Before>
engine_run run_with(const compiled_case& c, const rules::program& first, std::size_t first_batch,
                    const Before& before) {
  engine_session session(first, c.events, with_threads(c.threads));
  std::size_t taken = 0;
  for (std::size_t i = 0; i < c.cuts.size(); ++i) {
    const auto [events, watermark] = c.cuts[i];
    if (i >= first_batch) {
      before(i, session);
      session.take(
          make_batch(std::span(c.events).subspan(taken, events), watermark, c.program.schema, session.names()));
    }
    taken += events;
  }
  return std::move(session).run();
}

}  // namespace

TEST_CASE("a set of rules replaced by itself at any batch borders changes nothing") {
  CHECK(rc::check([](const case_draw& draw, const tape& choices) {
    const compiled_case c = compile_active(draw);
    const engine_run undisturbed = run_engine(c.program, c.events, c.cuts);
    RC_CLASSIFY(!undisturbed.alerts.empty(), "some alerts");
    const engine_run found = run_with(c, c.program, 0, [&](std::size_t batch, engine_session& session) {
      if (at(choices, batch) % 2 == 0) RC_ASSERT(session.replace(c.program).empty());
    });
    require_equal(undisturbed, found, c);
  }));
}

TEST_CASE("a rule that stays finds the same, whatever becomes of the others") {
  CHECK(rc::check([](const case_draw& draw, const tape& choices, std::uint8_t choice) {
    const compiled_case c = compile_active(draw);
    const std::size_t stays = rule_by_itself(c.program, choice);
    const engine_run undisturbed = run_engine(c.program, c.events, c.cuts);
    const engine_run found = run_with(c, c.program, 0, [&](std::size_t batch, engine_session& session) {
      const std::uint32_t mask = at(choices, batch);
      session.replace(part_of(c.program, mask | 1U << stays, mask % 3 == 0));
    });
    const auto number = static_cast<std::uint32_t>(stays);
    const engine_run expected = of_rule(undisturbed, number);
    RC_CLASSIFY(!expected.alerts.empty(), "some alerts");
    require_equal(expected, of_rule(found, number), c);
  }));
}

TEST_CASE("a rule that comes while the stream goes on finds what it would if the stream began there") {
  CHECK(rc::check([](const case_draw& draw, std::uint8_t border, std::uint8_t choice) {
    const compiled_case c = compile_active(draw);
    const std::size_t comes = rule_by_itself(c.program, choice);
    const std::size_t begins = border % c.cuts.size();
    const auto none = [](std::size_t, engine_session&) {};
    const engine_run begun_there = run_with(c, c.program, begins, none);
    const rules::program without = part_of(c.program, ~(std::uint32_t{1} << comes), false);
    const engine_run found = run_with(c, without, 0, [&](std::size_t batch, engine_session& session) {
      if (batch == begins) session.replace(c.program);
    });
    const engine_run expected = of_rule(begun_there, static_cast<std::uint32_t>(comes));
    RC_CLASSIFY(!expected.alerts.empty(), "some alerts");
    // To the session it is the last one, since it comes last.
    engine_run alone = of_rule(found, static_cast<std::uint32_t>(c.program.rules.size() - 1));
    for (plain_alert& alert : alone.alerts) alert.pattern = static_cast<std::uint32_t>(comes);
    require_equal(expected, alone, c);
  }));
}
