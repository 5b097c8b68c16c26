#include <catch2/catch.hpp>

#include "rules/test_runner.hpp"
#include "tests/rules/check/compiling.hpp"

namespace {

using namespace weir;
using namespace weir::testing;

rules::rule_test test_of(const std::string& lines) {
  return program_of("rule r for user { on login  test \"one\" {\n" + lines + "\n} }").rules.front().tests.front();
}

TEST_CASE("a test's events come in the order of their times, then of their lines") {
  const auto test = test_of(
      "login { at: 5s  user: A }\n"
      "login { at: 1s  user: B }\n"
      "login { at: 5s  user: C }\n"
      "expect 3 alerts");
  REQUIRE(test.events.size() == 3);
  const auto user = [&](std::size_t i) { return std::get<std::string>(test.events[i].fields.at(0).second); };
  CHECK(user(0) == "B");
  CHECK(user(1) == "A");
  CHECK(user(2) == "C");
  CHECK(test.events[0].at == stream::timestamp(std::chrono::seconds(1)));
}

TEST_CASE("names in a test may be words, texts or numbers, and values keep their field's digits") {
  const auto program = program_of(
      "rule r for acct: account { on transfer where from = acct  test \"one\" {\n"
      "transfer { at: 0s  from: 4711  to: \"A 1\"  amount: -3.5 EUR  rate: -1.25  share: 0.5  n: -7 }\n"
      "expect alert for 4711 } }");
  const auto& fields = program.rules.front().tests.front().events.front().fields;
  REQUIRE(fields.size() == 6);
  CHECK(fields[0].second == cep::constant_value("4711"));
  CHECK(fields[1].second == cep::constant_value("A 1"));
  CHECK(fields[2].second == cep::constant_value(cep::int128{-350}));
  CHECK(fields[3].second == cep::constant_value(-1.25));
  CHECK(fields[4].second == cep::constant_value(cep::int128{50'000'000}));
  CHECK(fields[5].second == cep::constant_value(cep::int128{-7}));
  CHECK(rules::run_tests(program).front().failures.empty());
}

TEST_CASE("what a test expects is read with its subject and time") {
  const auto test = test_of("expect no alert for A\nexpect 3 alerts\nexpect alert for \"B 1\" at 90s");
  REQUIRE(test.expectations.size() == 3);
  CHECK(test.expectations[0].alerts == 0);
  CHECK(test.expectations[0].subject == std::vector<std::string>{"A"});
  CHECK(test.expectations[1].alerts == 3);
  CHECK(test.expectations[1].subject.empty());
  CHECK(test.expectations[2].subject == std::vector<std::string>{"B 1"});
  CHECK(test.expectations[2].at == stream::timestamp(std::chrono::seconds(90)));
}

TEST_CASE("each test runs against its own rule alone, from a clean start") {
  const auto program = program_of(
      "rule r for user { on login where ok  suppress for 1h\n"
      " test \"one\" { login { at: 0s user: A ok: true } expect alert for A at 0s }\n"
      " test \"two\" { login { at: 0s user: A ok: true } expect alert for A at 0s } }\n"
      "rule s for user { on login where not ok\n"
      " test \"three\" { login { at: 0s user: A ok: true } expect no alert } }");
  const auto outcomes = rules::run_tests(program);
  REQUIRE(outcomes.size() == 3);
  for (const auto& outcome : outcomes) CHECK(outcome.failures.empty());
  CHECK(outcomes[2].rule == "s");
  CHECK(outcomes[2].test == "three");
}

TEST_CASE("the tests of a rule that is off run as well") {
  const auto program =
      program_of("rule r for user { mode off on login\n test \"one\" { login { at: 0s user: A } expect alert } }");
  CHECK(rules::run_tests(program).front().failures.empty());
}

}  // namespace
