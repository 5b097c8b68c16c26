// Windows that tell values apart, count those of the event at hand, or follow the calendar, over streams long enough
// that a window is no longer looked through: in rows of their own. Some times are no whole millisecond or second and
// some numbers need more than 32 bits, so that what is kept of an event grows.
#include <algorithm>
#include <chrono>
#include <ostream>
#include <string>

#include <fmt/format.h>
#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include "tests/property/compiled_case.hpp"
#include "tests/property/tape.hpp"
#include "tests/support/alert_difference.hpp"
#include "tests/support/engine_run.hpp"

using namespace weir;
using namespace weir::testing;
using namespace std::chrono_literals;

namespace {

constexpr const char* declarations = R"(
entity account
event pay { at: time  acct: account  peer: account?  tag: text?  n: int?  m: int }
)";

struct window_draw {
  tape rule;
  tape events;
};

class rule_writer {
 public:
  explicit rule_writer(const tape& choices) : choices_(choices) {}

  std::string rule() {
    const std::string ends = choices_.once_in(2) ? " where n >= 1" : "";
    std::string when = condition();
    for (std::size_t more = choices_.choose(3); more > 0; --more) when += " and " + condition();
    return fmt::format("rule r for acct {{\n on p: pay{}\n when {}\n}}\n", ends, when);
  }

 private:
  std::string condition() {
    static const std::vector<std::string> comparisons{">=", "<", ">", "=", "!=", "<="};
    const std::string compared = choices_.pick(comparisons);
    switch (choices_.choose(6)) {
      case 0: return fmt::format("distinct(pay.{}{}) over {} {} {}", field(), where(), window(), compared, limit());
      case 1: return equal(compared);
      case 2:
        return fmt::format("count(pay where {} is not missing) over {} {} {}", field(), window(), compared, limit());
      case 3: return fmt::format("sum(pay.n{}) over {} {} {}", where(), window(), compared, 2 * limit());
      case 4: return fmt::format("count(pay{}) over {} {} {}", where(), window(), compared, limit());
      default: return fmt::format("p.m {} avg(pay.m{}) over {}", compared, where(), window());
    }
  }

  std::string equal(const std::string& compared) {
    const std::string asked = field();
    const std::string more = choices_.once_in(3) ? " and n is not missing" : "";
    return fmt::format("count(pay where {} = p.{}{}) over {} {} {}", asked, asked, more, window(), compared, limit());
  }

  std::string field() {
    static const std::vector<std::string> fields{"n", "tag", "peer", "m"};
    return choices_.pick(fields);
  }
  std::string where() { return choices_.once_in(3) ? " where n >= 1" : ""; }
  std::size_t limit() { return choices_.once_in(3) ? choices_.choose(60) : choices_.choose(5); }
  std::string window() {
    static const std::vector<std::string> windows{
        "1m", "3s", "prior 1m", "prior 1h", "10s", "day", "day in \"Europe/Vienna\"", "prior 5s", "week", "60d", "2h"};
    return choices_.pick(windows);
  }

  tape_reader choices_;
};

std::string name_of(char kind, std::size_t number) { return kind + std::to_string(number); }

// A number of values from few to many, so that a window may hold mostly the same or mostly different ones.
std::vector<plain_event> payments_of(const tape& draw, const stream::schema& types) {
  static const std::vector<stream::duration> pauses{1s, 0s, 1s, 500ms, 2s, 0s, 1s, 5s};
  tape_reader choices(draw);
  const std::size_t values = 1 + choices.choose(4) * choices.choose(30);
  std::vector<plain_event> events;
  stream::duration at = 24h - 20s;
  while (!choices.ended()) {
    at += choices.once_in(60) ? stream::duration{5h} : choices.pick(pauses);
    if (choices.once_in(80)) at += 1us;
    const std::size_t value = choices.choose(values);
    const auto optional = [&](plain_value v) { return choices.once_in(8) ? plain_value{} : v; };
    const std::int64_t beyond = choices.once_in(40) ? std::int64_t{1} << 33 : 0;
    const auto number = static_cast<std::int64_t>(value) - beyond;
    events.push_back(make_event(types, "pay", at,
                                {{"acct", choices.once_in(6) ? "A1" : "A0"},
                                 {"peer", optional(name_of('P', value))},
                                 {"tag", optional(name_of('t', value % 7))},
                                 {"n", optional(number)},
                                 {"m", number}}));
  }
  return in_one_source(std::move(events));
}

}  // namespace

namespace rc {

template <>
struct Arbitrary<window_draw> {
  static Gen<window_draw> arbitrary() {
    const auto choice = gen::resize(100, gen::inRange<std::uint8_t>(0, 240));
    return gen::build<window_draw>(gen::set(&window_draw::rule, gen::container<tape>(24, choice)),
                                   gen::set(&window_draw::events, gen::resize(1600, gen::container<tape>(choice))));
  }
};

}  // namespace rc

namespace {

void showValue(const window_draw& draw, std::ostream& out) {
  out << "\n" << rule_writer(draw.rule).rule() << draw.events.size() << " choices of events\n";
}

}  // namespace

TEST_CASE("windows tell values apart as the definitions say, for any cut") {
  CHECK(rc::check([](const window_draw& draw) {
    const rules::compilation compiled = compile_generated(declarations + rule_writer(draw.rule).rule());
    RC_ASSERT(compiled.result.has_value());
    const rules::program& program = *compiled.result;
    const std::vector<plain_event> events = payments_of(draw.events, program.schema);
    const std::vector<cep::pattern> patterns = program.patterns();
    const auto expected = find_alerts({program.schema, patterns, program.data, events});
    RC_CLASSIFY(!expected.empty(), "some alerts");
    RC_CLASSIFY(events.size() > 100, "more than a hundred events");
    const auto whole = run_engine(program, events, one_batch(events)).alerts;
    std::string differs = difference(expected, whole, program, events);
    if (!differs.empty()) RC_FAIL(differs);
    differs = difference(whole, run_engine(program, events, batches_of(7, events)).alerts, program, events);
    if (!differs.empty()) RC_FAIL("for another cut: " + differs);
  }));
}
