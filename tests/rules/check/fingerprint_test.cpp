#include <catch2/catch.hpp>

#include "tests/rules/check/compiling.hpp"

namespace {

using namespace weir;
using namespace weir::testing;

std::string hash_of(const std::string& text, const rules::compile_options& options = {}) {
  const auto program = program_of(text, options, {{"bad.txt", "m1\n"}, {"good.txt", "m2\n"}});
  return program.rules.back().content_hash;
}

const std::string rule_text =
    "rule r for card { match a: payment where amount > 5 EUR then payment where card = a.card\n"
    " within 1h when count(payment) over 1h > 2 reason \"{a.merchant}\" }";

TEST_CASE("a content hash is 16 hex digits") {
  CHECK(hash_of(rule_text).size() == 16);
  CHECK(hash_of(rule_text).find_first_not_of("0123456789abcdef") == std::string::npos);
}

TEST_CASE("layout, comments and tests leave the content hash as it is") {
  CHECK(hash_of(rule_text) ==
        hash_of("rule r for card {\n  match a: payment where amount > 5.00 EUR # large\n  then payment where (card = "
                "a.card)\n  within 60m\n  when count(payment) over 1h > 2\n  reason \"{a.merchant}\"\n"
                "  test \"one\" { expect no alert }\n}"));
}

TEST_CASE("what else is declared leaves the content hash as it is") {
  CHECK(hash_of(rule_text) == hash_of("entity aaa\nevent aaaa { at: time  n: int }\nlist l : text from \"bad.txt\"\n"
                                      "rule q for n: text { on ping where n != \"x\" }\n"
                                      "event ping { at: time  n: text }\n" +
                                      rule_text));
}

TEST_CASE("what changes a rule's alerts changes its content hash") {
  const auto changed = [](const std::string& from, const std::string& to) {
    auto text = rule_text;
    text.replace(text.find(from), from.size(), to);
    return hash_of(text) != hash_of(rule_text);
  };
  CHECK(changed("5 EUR", "6 EUR"));
  CHECK(changed("within 1h", "within 2h"));
  CHECK(changed("card = a.card", "merchant = a.merchant"));
  CHECK(changed("a.merchant}", "a.amount}"));
  CHECK(changed("{a.merchant}", "the {a.merchant}"));
  CHECK(changed("rule r", "rule s"));
  CHECK(changed("for card", "for card version 2"));
  CHECK(changed("reason", "severity high reason"));
  CHECK(changed("reason", "score 5 reason"));
  CHECK(changed("reason", "tags x reason"));
  CHECK(changed("reason", "mode shadow reason"));
  CHECK(changed("reason", "suppress for 1h reason"));
  CHECK(changed("a: payment where", "a: payment where merchant != \"m\" and"));
}

TEST_CASE("two events with fields of one place are told apart") {
  const std::string types = "event u { at: time  card: card  n: int }\nevent v { at: time  card: card  n: int }\n";
  CHECK(hash_of(types + "rule r for card { on u where n > 5 }") !=
        hash_of(types + "rule r for card { on v where n > 5 }"));
}

TEST_CASE("params count with their values, lists with their names") {
  const std::string param = "param limit = 5 EUR\nrule r for card { on payment where amount > limit }";
  CHECK(hash_of(param) == hash_of("rule r for card { on payment where amount > 5 EUR }"));
  CHECK(hash_of(param) != hash_of(param, {.params = {{"limit", "6 EUR"}}}));
  const std::string lists = "list bad : text from \"bad.txt\"\nlist good : text from \"good.txt\"\n";
  CHECK(hash_of(lists + "rule r for card { on payment where merchant in bad }") !=
        hash_of(lists + "rule r for card { on payment where merchant in good }"));
}

TEST_CASE("what an aggregate, a function or a run is asked for counts") {
  const auto when = [](const std::string& condition) {
    return hash_of("rule r for card { match some a: payment then p: payment within 1h when " + condition + " }");
  };
  CHECK(when("percentile(95, payment.amount) over 1h > 5 EUR") !=
        when("percentile(96, payment.amount) over 1h > 5 EUR"));
  CHECK(when("count(payment) over day > 5") != when("count(payment) over week > 5"));
  CHECK(when("count(payment) over day > 5") != when("count(payment) over day in \"Europe/Paris\" > 5"));
  CHECK(when("count(payment) over 1h ending 1h ago > 5") != when("count(payment) over 1h ending 2h ago > 5"));
  CHECK(when("percentile(5, a.amount) > 5 EUR") != when("percentile(6, a.amount) > 5 EUR"));
  CHECK(when("first(a).amount > 5 EUR") != when("last(a).amount > 5 EUR"));
  CHECK(when("round(p.amount) > 5 EUR") != when("round(p.amount, 1) > 5 EUR"));
  CHECK(when("starts_with(p.merchant, \"a\")") != when("ends_with(p.merchant, \"a\")"));
  CHECK(when("median(a.amount) > 5 EUR") == when("percentile(50, a.amount) > 5 EUR"));
}

}  // namespace
