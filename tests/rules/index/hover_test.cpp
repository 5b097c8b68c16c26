#include "rules/hover.hpp"

#include <catch2/catch.hpp>

#include "tests/rules/index/marked_text.hpp"

using namespace weir::rules;
using Catch::Contains;
using Catch::StartsWith;

namespace {

/// What is shown at the mark behind the declarations.
std::string shown(std::string_view rule) {
  const auto at = marked(declarations + std::string(rule));
  const symbol_index index({{"a.weir", at.text}});
  const auto found = hover_at(index, 0, at.offset);
  return found ? found->text : "";
}

}  // namespace

TEST_CASE("a param shows its declaration and what is written above it") {
  CHECK(shown("rule r for card { on payment where amount > ^limit }") ==
        "```weir\nparam limit = 500 EUR\n```\n\na param\n\nHow much is much.\nAsk before changing it.");
}

TEST_CASE("a field shows its type and its event") {
  CHECK(shown("rule r for card { on payment where ^amount > limit }") ==
        "```weir\namount: money(EUR)\n```\n\na field of `payment`");
}

TEST_CASE("a label shows its step and its event's fields") {
  const auto text = shown("rule r for card { match p: payment then q: payment where amount > ^p.amount }");
  CHECK_THAT(text, StartsWith("```weir\nmatch p: payment\n```\n\na label of `r`"));
  CHECK_THAT(text, Contains("event payment { at: time  id: text  card: card  merchant: text  amount: money(EUR) }"));
}

TEST_CASE("a subject shows its entity") {
  CHECK(shown("rule r for ^card { on payment }") ==
        "```weir\ncard\n```\n\na subject of `r`\n\n```weir\nentity card\n```");
}

TEST_CASE("an event, an entity, a let and a rule show how they are declared") {
  CHECK_THAT(shown("rule r for card { on ^flagged }"), StartsWith("```weir\nevent flagged { at: time"));
  CHECK_THAT(shown("rule r for a: ^account { on flagged }"), Contains("an entity\n\nSomebody's account."));
  CHECK_THAT(shown("rule r for a: account { on t: transfer when ^large(t, limit) }"),
             StartsWith("```weir\nlet large(t: transfer, least: money) = t.amount >= least\n```"));
  CHECK_THAT(shown("rule ^r for card version 3 { on payment }"), StartsWith("```weir\nrule r for card version 3\n```"));
}

TEST_CASE("a word of the language shows how it is written and what it does") {
  CHECK(shown("rule r for card { ^suppress for 1h }") ==
        "```weir\nsuppress by KEY, … for DURATION\n```\n\nAfter an alert, further ones of the same subject, or with "
        "the same "
        "keys, are counted instead of raised.");
  CHECK_THAT(shown("^rule r for card { on payment }"), StartsWith("```weir\nrule NAME for SUBJECT { … }\n```"));
  CHECK_THAT(shown("rule r for card { on payment when ^count(payment) over 1h > 2 }"), Contains("How many events."));
  CHECK_THAT(shown("rule r for card { on payment when count(payment) ^over 1h > 2 }"),
             Contains("AGGREGATE over WINDOW"));
  CHECK_THAT(shown("rule r for card { on p: payment when ^lower(p.merchant) = \"x\" }"), Contains("in every alphabet"));
}

TEST_CASE("a word with two meanings shows the one of its place") {
  CHECK_THAT(shown("rule r for card { ^score 5 on payment }"), Contains("score N"));
  CHECK_THAT(shown("rule r for card { on payment when ^score(fraud, 1) > 0.5 }"), Contains("score(MODEL"));
  CHECK_THAT(shown("event x { at: ^time }"), Contains("A moment, to the microsecond."));
  CHECK_THAT(shown("rule r for a: account { on transfer when payments.^fan_in(a) over 7d > 3 }"),
             Contains("GRAPH.fan_in(vertex)"));
}

TEST_CASE("a field that is called like a word of the language is the field") {
  CHECK_THAT(shown("rule r for a: account { on transfer where ^from = a }"), Contains("a field of `transfer`"));
}

TEST_CASE("numbers, blanks, comments and texts show nothing") {
  CHECK(shown("param x = ^5").empty());
  CHECK(shown("rule r for card { ^ on payment }").empty());
  CHECK(shown("# a rule for ^payment\n").empty());
  CHECK(shown("rule r for card { on payment where merchant = \"^payment\" }").empty());
  CHECK(shown("^").empty());
}
