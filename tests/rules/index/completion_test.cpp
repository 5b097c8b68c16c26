#include "rules/completion.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

#include "tests/rules/index/marked_text.hpp"

using namespace weir::rules;

namespace {

using words = std::vector<std::string>;

std::vector<completion> offered(std::string_view written) {
  const auto at = marked(declarations + std::string(written));
  const symbol_index index({{"a.weir", at.text}});
  return completions_at(index, 0, at.offset);
}

words words_offered(std::string_view written) {
  words all;
  for (const auto& c : offered(written)) all.push_back(c.word);
  return all;
}

bool has(const words& all, std::string_view word) { return std::ranges::find(all, word) != all.end(); }

bool has_all(const words& all, std::initializer_list<std::string_view> wanted) {
  return std::ranges::all_of(wanted, [&](auto word) { return has(all, word); });
}

}  // namespace

TEST_CASE("between declarations the words that begin one are offered") {
  for (const auto* place : {"^", "en^", "entity x\n^", "rule r for card { on payment }\n^"}) {
    CAPTURE(place);
    CHECK(words_offered(place) ==
          words{"entity", "event", "param", "list", "table", "model", "graph", "let", "import", "rule"});
  }
}

TEST_CASE("behind a point the fields of a label's event are offered, and nothing else") {
  const words fields = {"at", "id", "card", "merchant", "amount"};
  CHECK(words_offered("rule r for card { match small: payment then payment where merchant != small.^ }") == fields);
  CHECK(words_offered("rule r for card { match small: payment then payment where merchant != small.mer^ }") == fields);
  CHECK(words_offered("rule r for card { match small: payment when small.^").size() == fields.size());
  CHECK(words_offered("rule r for card { match p: payment reason \"{p.amount}\" when sum(payment.^) over 1h > 1")
            .size() == fields.size());
}

TEST_CASE("behind a point the functions of a graph and the columns of a table are offered") {
  const std::string rule = "rule r for acct: account { on t: transfer when ";
  CHECK(has_all(words_offered(rule + "payments.^"), {"fan_in", "cycle", "pagerank"}));
  CHECK(words_offered(rule + "clients[acct].^") == words{"country", "opened"});
  CHECK(words_offered(rule + "limit.^").empty());
}

TEST_CASE("a completion says what it stands for") {
  const auto all = offered("rule r for card { match small: payment then payment where merchant != small.^ }");
  const auto amount = std::ranges::find(all, "amount", &completion::word);
  REQUIRE(amount != all.end());
  CHECK(amount->kind == completion_kind::field);
  CHECK(amount->detail == "field of payment: money(EUR)");
  const auto params = offered("rule r for card { on payment where amount > ^ }");
  const auto limit = std::ranges::find(params, "limit", &completion::word);
  REQUIRE(limit != params.end());
  CHECK(limit->documentation == "```weir\nparam limit = 500 EUR\n```\n\nHow much is much.\nAsk before changing it.");
}

TEST_CASE("in a rule its clauses are offered") {
  for (const auto* place : {"rule r for card { ^ }", "rule r for card {\n  severity high\n  ^\n  on payment\n}",
                            "rule r for card {\n  on payment\n  ^", "rule r for card {\n  on payment\n  whe^"}) {
    CAPTURE(place);
    CHECK(has_all(words_offered(place), {"severity", "on", "match", "when", "unless", "suppress", "reason", "test"}));
  }
}

TEST_CASE("where a step begins its events are offered") {
  CHECK(has_all(words_offered("rule r for card { on ^"), {"payment", "transfer", "flagged"}));
  CHECK(has_all(words_offered("rule r for card { match ^"), {"payment", "no", "some", "all of"}));
  CHECK(has_all(words_offered("rule r for card { match payment then ^"), {"payment", "no", "next", "optional"}));
  CHECK(has_all(words_offered("rule r for card { match x: ^"), {"payment", "transfer"}));
  CHECK_FALSE(has(words_offered("rule r for card { on ^"), "limit"));
}

TEST_CASE("in a `where` the fields come first, then what the rule knows, then the file's names") {
  const auto all = words_offered("rule r for c: card { match small: payment then payment where ^");
  const auto place = [&](std::string_view word) { return std::ranges::find(all, word) - all.begin(); };
  CHECK(has_all(all, {"amount", "small", "c", "limit", "large", "clients", "payments", "count", "lower", "not"}));
  CHECK(place("amount") < place("small"));
  CHECK(place("small") < place("limit"));
  CHECK(place("limit") < place("count"));
  CHECK_FALSE(has(all, "and"));
}

TEST_CASE("what is offered fits what stands before") {
  const std::string rule = "rule r for card { match p: payment ";
  CHECK(words_offered(rule + "^") == words{"where", "within", "then"});
  CHECK(words_offered(rule + "then x: ^") == words{"payment", "transfer", "flagged"});
  CHECK(words_offered(rule + "then no ^") == words{"payment", "transfer", "flagged"});
  CHECK(words_offered(rule + "then 5 ^") == words{"times", "to"});
  CHECK(words_offered(rule + "then at ^") == words{"least"});
  CHECK(words_offered(rule + "then all ^") == words{"of"});
  CHECK(has_all(words_offered(rule + "within ^"), {"5m", "1h"}));
  CHECK(words_offered(rule + "then payment within 5m of ^") == words{"p"});
  CHECK(has(words_offered(rule + "then no payment within 5m ^"), "of"));
  CHECK(words_offered(rule + "when count(payment) over 1h ending 7d ^") == words{"ago"});
  CHECK_FALSE(has(words_offered(rule + "when count(payment) over prior ^"), "prior"));
  CHECK(words_offered(rule + "when score(^") == words{"fraud"});
  CHECK(words_offered(rule + "suppress for ^").front() == "30s");
  CHECK(words_offered("rule r for a: account { match (a) -[e: transfer]-> (b) -[f: transfer]-> (^") == words{"a", "b"});
  const auto options = words_offered("rule r for a: account { on t: transfer when payments.cycle(t, ^");
  CHECK(words(options.begin(), options.begin() + 2) == words{"length", "within"});
}

TEST_CASE("behind the first word of a clause its own words are offered, whatever stands above") {
  const std::string rule = "rule r for card {\n  on payment where amount > limit\n  ";
  CHECK(words_offered(rule + "severity ^") == words{"low", "medium", "high", "critical"});
  CHECK(words_offered(rule + "mode ^\n}") == words{"live", "shadow", "off"});
  CHECK(words_offered(rule + "emit ^") == words{"each", "first", "all"});
  CHECK(words_offered(rule + "emit all ^") == words{"limit"});
  CHECK(words_offered(rule + "suppress ^") == words{"for", "by"});
  CHECK(words_offered(rule + "raise ^") == words{"payment", "transfer", "flagged"});
  for (const auto* nothing : {"score ^", "tags ^", "reason ^", "test ^", "severity low ^"}) {
    CAPTURE(nothing);
    CHECK(words_offered(rule + nothing).empty());
  }
}

TEST_CASE("where a new name is to come nothing is offered") {
  for (const auto* place : {"rule ^", "event ^", "event x { ^", "import ^", "list ^", "let f(^"}) {
    CAPTURE(place);
    CHECK(words_offered(place).empty());
  }
}

TEST_CASE("labels of other rules are not offered") {
  CHECK_FALSE(
      has(words_offered("rule a for card { on other: payment }\nrule b for card { on payment when ^"), "other"));
}

TEST_CASE("behind a value operators are offered, and units behind a number") {
  CHECK(has_all(words_offered("rule r for card { on payment where amount ^"), {"and", "or", "in", "between", "is"}));
  CHECK_FALSE(has(words_offered("rule r for card { on payment where amount ^"), "limit"));
  CHECK(has_all(words_offered("rule r for card { on payment where amount > 5 ^"), {"EUR", "USD", "and"}));
}

TEST_CASE("windows, lists and types are offered where they stand") {
  CHECK(has_all(words_offered("rule r for card { on payment when count(payment) over ^"), {"prior", "day", "1h"}));
  CHECK(has_all(words_offered("rule r for card { on payment when count(payment) ^"), {"over"}));
  CHECK(has_all(words_offered("rule r for a: account { on transfer where from in ^"), {"payroll"}));
  CHECK(has_all(words_offered("event x { at: ^"), {"time", "money", "account", "card"}));
  CHECK(has_all(words_offered("event x { at: time  amount: money(^"), {"EUR", "JPY"}));
  CHECK(has_all(words_offered("rule r for a: ^"), {"account", "card"}));
  CHECK(has_all(words_offered("rule r for card { severity ^"), {"low", "critical"}));
  CHECK(has_all(words_offered("rule r for card { mode ^"), {"live", "shadow", "off"}));
  CHECK(has_all(words_offered("rule r for card { emit ^"), {"each", "first", "all"}));
  CHECK(has_all(words_offered("rule r for card { on payment where merchant is ^"), {"missing"}));
}

TEST_CASE("in a test events are offered, then those of their fields that are not there yet") {
  const std::string rule = "rule r for card { on payment test \"x\" {\n";
  CHECK(has_all(words_offered(rule + "^"), {"payment", "expect"}));
  CHECK(words_offered(rule + "payment { at: 0m  ^ } } }") == words{"id", "card", "merchant", "amount"});
  CHECK(words_offered(rule + "payment { ^ } } }").size() == 5);
  CHECK(words_offered(rule + "payment { at: 0m }\nexpect ^") == words{"no", "alert"});
  CHECK(words_offered(rule + "payment { at: 0m }\nexpect alert ^") == words{"for", "at"});
  CHECK(words_offered(rule + "payment { at: 0m }\nexpect alert for C1 ^") == words{"at"});
  CHECK(words_offered("rule r for card { on payment raise flagged { at: 1  ^ } }") == words{"account", "why"});
}

TEST_CASE("in a comment or a text nothing is offered") {
  CHECK(words_offered("# a ^").empty());
  CHECK(words_offered("rule r for card { on payment where merchant = \"ki^").empty());
  CHECK(words_offered("rule r for card { on payment where merchant = \"ki^\" }").empty());
}

TEST_CASE("between the braces of a reason what `when` may read is offered") {
  const std::string rule = "rule r for card { match p: payment reason \"paid {";
  CHECK(has_all(words_offered(rule + "^"), {"p", "card", "limit", "span", "count"}));
  CHECK(has_all(words_offered(rule + "^} at"), {"p", "card", "limit", "span", "count"}));
  CHECK(has(words_offered(rule + "p.^} at\" }"), "merchant"));
  CHECK(words_offered("rule r for card { match p: payment reason \"paid {p.amount} ^").empty());
  CHECK(words_offered("rule r for card { match p: payment reason \"paid \\{^").empty());
}

TEST_CASE("no word is offered twice, anywhere in a file") {
  const std::string text = declarations + R"(
rule r for a: account version 3 {
  match all of (x: transfer where from = a, transfer) then no transfer within 1h of x
  when clients[a].country = "DE" and large(x, limit) and score(fraud, x.amount) > 0.9
  suppress by x.to for 1h
  reason "{x.amount} {count(transfer where from = a) over 5m}"
  raise flagged { account: a  why: "big" }
  test "t" { transfer { at: 0m  from: A  to: B } expect alert for A at 1h }
})";
  const symbol_index index({{"a.weir", text}});
  for (std::size_t place = 0; place <= text.size(); ++place) {
    words all;
    for (const auto& c : completions_at(index, 0, place)) all.push_back(c.word);
    std::ranges::sort(all);
    CAPTURE(place);
    REQUIRE(std::ranges::adjacent_find(all) == all.end());
  }
}
