#include <catch2/catch.hpp>

#include "tests/rules/check/compiling.hpp"

namespace {

using namespace weir;
using namespace weir::testing;

const std::string case_opened =
    "event case_opened { at: time  id: text  user: account  amount: money(EUR)?  note: text? }\n";

TEST_CASE("a raise gives the fields of its event, and the id is left to the alert") {
  const auto program = program_of(case_opened +
                                  "rule r for acct: account { on t: transfer where from = acct\n"
                                  " raise case_opened { user: acct  amount: t.amount * 2  note: \"x\" } }");
  const auto& raise = program.rules.front().raise.value();
  CHECK(raise.type == program.schema.find("case_opened"));
  REQUIRE(raise.fields.size() == 3);
  CHECK(raise.fields[0].first == stream::field_id{1});
  CHECK(raise.fields[0].second.op == cep::operation::subject);
  CHECK(raise.fields[1].first == stream::field_id{2});
  CHECK(raise.id == stream::field_id{0});
  const auto given =
      program_of(case_opened + "rule r for user { on login  raise case_opened { user: user  id: \"1\" } }");
  CHECK_FALSE(given.rules.front().raise->id.has_value());
}

TEST_CASE("a rule stands above those whose events it matches") {
  const auto program = program_of(
      "event one { at: time  user: account }\nevent two { at: time  user: account }\n"
      "rule c for user { match one then no two within 5m }\n"
      "rule b for user { on login  when count(one) over 1h > 3  raise two { user: user } }\n"
      "rule a for user { on login  raise one { user: user } }\n"
      "rule d for user { on login }\n");
  std::vector<std::uint32_t> strata;
  for (const auto& r : program.rules) strata.push_back(r.stratum);
  CHECK(strata == std::vector<std::uint32_t>{2, 1, 0, 0});
}

TEST_CASE("texts that a raise reads are interned, and it is part of the content hash") {
  const auto with = [](const std::string& note) {
    return program_of(case_opened + "rule r for card { on p: payment  raise case_opened { user: \"A\"  note: " + note +
                      " } }");
  };
  const auto program = with("p.merchant");
  const auto& payment = program.schema[*program.schema.find("payment")];
  CHECK(payment[*payment.find("merchant")].interned);
  CHECK(with("p.merchant").rules.front().content_hash == program.rules.front().content_hash);
  CHECK(with("p.country").rules.front().content_hash != program.rules.front().content_hash);
}

}  // namespace
