// Cases that the properties found, shrunk, and fine points of the language whose answer is worked out by hand here: the
// oracle reads the compiled pattern, so it can't see a rule that is compiled to the wrong one.
#include <chrono>
#include <set>

#include <catch2/catch.hpp>

#include "rules/compile.hpp"
#include "tests/property/compiled_case.hpp"
#include "tests/support/alert_difference.hpp"
#include "tests/support/engine_run.hpp"

using namespace weir;
using namespace weir::testing;
using namespace std::chrono_literals;

namespace {

constexpr const char* declarations_text = R"(
entity account
event pay { at: time  acct: account  peer: account?  tag: text?  n: int?  rate: decimal?  x: float?  paid: money(EUR)?  ok: bool? }
event seen { at: time  who: account }
param bound = 2
list tags_seen : text from "tags.csv"
let big(p: pay) = p.paid >= 2 EUR
let near(a: pay, b: pay) = a.n = b.n
let double(v: int) = v * 2
)";

rules::program compiled(const std::string& rule) {
  rules::compilation compilation = compile_generated(declarations_text + rule);
  for (const rules::diagnostic& d : compilation.findings) UNSCOPED_INFO(rules::render(d, compilation.files));
  REQUIRE(compilation.result);
  return std::move(*compilation.result);
}

/// The places of the events that alerts bind: "0,1 0,2". Engine and oracle must agree on them.
std::string evidence(const std::string& rule, const std::vector<std::pair<stream::duration, named_values>>& payments) {
  const rules::program program = compiled(rule);
  std::vector<plain_event> events;
  for (const auto& [at, values] : payments) {
    const bool is_seen = !values.empty() && values.front().first == "who";
    events.push_back(make_event(program.schema, is_seen ? "seen" : "pay", at, values));
    if (!is_seen && values.front().first != "acct") {
      events.back().fields[0] = std::string("A0");
    }
  }
  events = in_one_source(std::move(events));
  const std::vector<cep::pattern> patterns = program.patterns();
  const auto expected = find_alerts({program.schema, patterns, program.data, events});
  const auto found = run_engine(program, events, one_batch(events)).alerts;
  CHECK(difference(expected, found, program, events) == "");
  std::string text;
  for (const plain_alert& alert : found) {
    if (!text.empty()) text += ' ';
    for (std::size_t i = 0; i < alert.events.size(); ++i)
      text += (i ? "," : "") + std::to_string(alert.events[i].place);
  }
  return text;
}

/// Which of a few payments, a second apart, a condition of `on` holds for.
std::string holding(const std::string& condition, const std::vector<named_values>& payments) {
  std::vector<std::pair<stream::duration, named_values>> timed;
  for (const named_values& values : payments) timed.emplace_back(1s * timed.size(), values);
  return evidence("rule r for acct {\n on p: pay where " + condition + "\n}\n", timed);
}

named_values number(std::int64_t n) { return {{"n", n}}; }

}  // namespace

// ---- found by the properties

TEST_CASE("the mean of decimals counts in whole numbers") {
  CHECK(evidence("rule r for acct { on p: pay  when p.n >= avg(pay.rate) over 3s }",
                 {{0s, {{"n", 1}, {"rate", 100'000'000}}}}) == "0");
  CHECK(evidence("rule r for acct { on p: pay  when p.n > avg(pay.rate) over 3s }",
                 {{0s, {{"n", 1}, {"rate", 100'000'000}}}}) == "");
  // Three times 0.1 has the mean 0.1.
  const named_values tenth{{"n", 1}, {"rate", 10'000'000}};
  CHECK(evidence("rule r for acct { on p: pay  when avg(pay.rate) over 3s = p.rate }",
                 {{0s, tenth}, {1s, tenth}, {2s, tenth}}) == "0 1 2");
}

TEST_CASE("a where that can't be true still says to whom its event belongs") {
  CHECK(evidence("rule r for a: account { on pay where acct = a and bound > 2 }", {{0s, number(1)}}) == "");
}

TEST_CASE("zeros of either sign are one key of suppress") {
  CHECK(evidence("rule r for acct { on p: pay  suppress by p.x for 9s }", {{0s, {{"acct", "A0"}, {"x", 0.0}}},
                                                                           {1s, {{"acct", "A0"}, {"x", -0.0}}},
                                                                           {2s, {{"acct", "A0"}, {"x", 1.0}}}}) ==
        "0 2");
}

TEST_CASE("alerts of the same events at two deadlines have two ids") {
  const rules::program program = compiled(
      "rule r for acct { match at least 1 times a: pay  then optional b: pay  then no pay where n = 9 within 3s of a "
      "}");
  std::vector<plain_event> events;
  for (const auto at : {0s, 1s}) events.push_back(make_event(program.schema, "pay", at, {{"acct", "A0"}, {"n", 1}}));
  events = in_one_source(std::move(events));
  const engine_run found = run_engine(program, events, one_batch(events));
  REQUIRE(found.alerts.size() == 3);
  CHECK(found.alerts[0].at == stream::timestamp{3s});  // a #0, b #1; and a #0 alone
  CHECK(found.alerts[2].at == stream::timestamp{4s});  // a #0 #1
  CHECK(std::set(found.ids.begin(), found.ids.end()).size() == 3);
}

// ---- what a rule's text means

TEST_CASE("and binds before or, and not before both") {
  const std::vector<named_values> all{number(1), number(2), {{"n", 1}, {"ok", true}}, {{"n", 2}, {"ok", true}}};
  CHECK(holding("n = 1 or n = 2 and ok", all) == "0 2 3");
  CHECK(holding("(n = 1 or n = 2) and ok", all) == "2 3");
  CHECK(holding("not ok and n = 2", all) == "1");
  CHECK(holding("not (ok and n = 2)", all) == "0 1 2");
}

TEST_CASE("products come before sums, sums from the left, and a default before either") {
  CHECK(holding("1 + 2 * n = 7", {number(3), number(2)}) == "0");
  CHECK(holding("10 - n - 2 = 5", {number(3), number(7)}) == "0");
  CHECK(holding("12 / n / 2 = 2", {number(3), number(12)}) == "0");
  CHECK(holding("-n + 1 = -2", {number(3), number(1)}) == "0");
}

TEST_CASE("a missing value compares with nothing, and a default takes its place") {
  const std::vector<named_values> some{number(1), {{"tag", "a"}}};
  CHECK(holding("n = 1", some) == "0");
  CHECK(holding("n != 1", some) == "");
  CHECK(holding("not (n = 1)", some) == "1");
  CHECK(holding("n is missing", some) == "1");
  CHECK(holding("(n ?? 5) > 4", some) == "1");
  CHECK(holding("not (n is missing)", some) == "0");
}

TEST_CASE("between takes both ends, and a list its members") {
  CHECK(holding("n between 1 and 3", {number(0), number(1), number(3), number(4)}) == "1 2");
  CHECK(holding("tag in tags_seen", {{{"tag", "a"}}, {{"tag", "b"}}, {{"tag", "c"}}, number(1)}) == "0 2");
}

TEST_CASE("money times a literal is exact") {
  CHECK(holding("paid >= 1.1 * 3 EUR", {{{"paid", 329}}, {{"paid", 330}}}) == "1");
  CHECK(holding("paid = 0.333 * 10 EUR", {{{"paid", 333}}, {{"paid", 334}}}) == "0");
}

TEST_CASE("a let takes labels and values, and its where may call the event by label or by type") {
  const std::vector<std::pair<stream::duration, named_values>> events{
      {0s, {{"n", 1}, {"paid", 100}}}, {1s, {{"n", 1}, {"paid", 200}}}, {2s, {{"n", 2}, {"paid", 300}}}};
  CHECK(evidence("rule r for acct { match a: pay  then b: pay where big(b) and near(a, b)  within 9s }", events) ==
        "0,1");
  CHECK(evidence("rule r for acct { match a: pay  then b: pay where big(pay) and b.n != a.n  within 9s }", events) ==
        "1,2");
  CHECK(evidence("rule r for acct { on pay where double(n) = 4 }", events) == "2");
}

TEST_CASE("an event belongs through the equality that its where writes, either way round") {
  const std::vector<std::pair<stream::duration, named_values>> events{
      {0s, {{"acct", "A0"}, {"peer", "A1"}}}, {1s, {{"acct", "A1"}, {"peer", "A2"}}}, {2s, {{"who", "A2"}}}};
  CHECK(evidence("rule r for a: account { match x: pay where peer = a  then y: pay where a = acct  within 9s }",
                 events) == "0,1");
  CHECK(evidence("rule r for a: account { match x: pay where peer = a  then seen where who = a  within 9s }", events) ==
        "1,2");
  CHECK(evidence("rule r for who: account { match x: pay where peer = who  then seen  within 9s }", events) == "1,2");
}

TEST_CASE("unless takes matches away, so that an earlier one is the evidence") {
  CHECK(evidence("rule r for acct { match a: pay  then b: pay where ok  within 9s  unless a.n = 2 }",
                 {{0s, number(1)}, {1s, number(2)}, {2s, {{"n", 3}, {"ok", true}}}}) == "0,2");
}

TEST_CASE("an aggregate's where reads its own event by bare name and the match's by label") {
  CHECK(evidence("rule r for acct { on p: pay  when count(pay where n = p.n) over 9s >= 2 }",
                 {{0s, number(1)}, {1s, number(2)}, {2s, number(1)}}) == "2");
}

TEST_CASE("times subtract to durations") {
  CHECK(evidence("rule r for acct { match a: pay  then b: pay where at - a.at = 2s  within 9s }",
                 {{0s, number(1)}, {1s, number(1)}, {2s, number(1)}, {3s, number(1)}}) == "0,2 1,3");
}

TEST_CASE("a silence outlives its subject's id, whichever thread has the subject afterwards") {
  const rules::program program = compiled("rule quiet for acct { on p: pay  suppress for 1h }");
  for (const std::size_t rows : {1, 2, 3}) {
    for (int others = 1; others <= 8; ++others) {
      std::vector<plain_event> events;
      const auto add = [&](stream::duration at, const std::string& account) {
        events.push_back(make_event(program.schema, "pay", at, {{"acct", account}}));
      };
      add(0s, "A");
      for (int i = 1; i <= others; ++i) add(std::chrono::seconds{i}, "B" + std::to_string(i));
      add(30min, "A");
      add(2h, "A");
      events = in_one_source(std::move(events));
      const auto [found, any] = run_engine_recycling(program, events, batches_of(rows, events), with_threads(2));
      CAPTURE(rows, others, any);
      REQUIRE(found.alerts.size() == events.size() - 1);
      CHECK(found.alerts.back().suppressed == 1);
    }
  }
}
