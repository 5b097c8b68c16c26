#include <catch2/catch.hpp>

#include "rules/check/literals.hpp"
#include "tests/rules/check/compiling.hpp"

namespace {

using namespace weir;
using namespace weir::testing;
using cep::operation;

constexpr stream::field_id payment_card{1};
constexpr stream::field_id payment_merchant{2};
constexpr stream::field_id payment_amount{3};
constexpr stream::field_id transfer_from{0};
constexpr stream::field_id transfer_to{1};

const cep::event_filter& filter_of(const cep::pattern& p, std::size_t part) {
  const auto* group = std::get_if<cep::step_group>(&p.body.parts[part]);
  return group != nullptr ? group->steps.front().events : std::get<cep::absence>(p.body.parts[part]).events;
}

TEST_CASE("an event belongs to the subject through the field of its name") {
  const auto p = pattern_of("rule r for card { on payment where amount > 5 EUR }");
  CHECK(p.subjects ==
        std::vector{stream::field_type{.kind = stream::type_kind::entity, .entity = stream::entity_type_id{1}}});
  CHECK(filter_of(p, 0).keys == std::vector{payment_card});
}

TEST_CASE("the equality on the subject gives the key and leaves the condition") {
  const auto p = pattern_of(
      "rule r for acct: account {\n"
      "  match transfer where to = acct and n > 5\n"
      "  then no transfer where acct = from\n"
      "  then transfer where n > 6 and (acct = from and to = acct)\n"
      "  within 1h\n}");
  CHECK(filter_of(p, 0).keys == std::vector{transfer_to});
  CHECK(filter_of(p, 0).where.op == operation::greater);
  CHECK(filter_of(p, 1).keys == std::vector{transfer_from});
  CHECK(cep::is_always(filter_of(p, 1).where));
  // A further equality stays a condition.
  CHECK(filter_of(p, 2).keys == std::vector{transfer_from});
  CHECK(cep::conjuncts(filter_of(p, 2).where).size() == 2);
  CHECK(p.body.within == stream::duration(std::chrono::hours(1)));
}

TEST_CASE("a constant condition beside the equality on the subject does not hide it") {
  const auto p = pattern_of("rule r for acct: account { on transfer where to = acct and 5 > 6 }");
  CHECK(filter_of(p, 0).keys == std::vector{transfer_to});
}

TEST_CASE("a rule without a subject has no keys") {
  const auto p = pattern_of("rule r { on payment  when count(payment) over 1h > 5 }");
  CHECK(p.subjects.empty());
  CHECK(filter_of(p, 0).keys.empty());
  CHECK(p.aggregates.at(0).events.keys.empty());
}

TEST_CASE("a subject's type is that of the field of its name where no entity has the name") {
  const auto p = pattern_of("rule r for user { on login }");
  CHECK(p.subjects ==
        std::vector{stream::field_type{.kind = stream::type_kind::entity, .entity = stream::entity_type_id{0}}});
  CHECK(pattern_of("rule r for device { on login }").subjects.at(0).kind == stream::type_kind::text);
}

TEST_CASE("literals keep the digits they were written with, money those of its currency") {
  const auto ratio = where_of("amount > 0.90 * amount").args[1].args[0];
  CHECK(ratio.type.digits == 2);
  CHECK(std::get<cep::int128>(ratio.constant) == 90);
  const auto money = where_of("amount > 5 EUR").args[1];
  CHECK(money.type.unit == cep::unit::money);
  CHECK(money.type.digits == 2);
  CHECK(std::get<cep::int128>(money.constant) == 500);
  CHECK(where_of("amount > 5 EUR") == where_of("amount > 5.00 EUR"));
}

TEST_CASE("a product of exact numbers adds their digits") {
  const auto product = where_of("amount > 0.125 * amount").args[1];
  CHECK(product.type.kind == cep::value_kind::exact);
  CHECK(product.type.digits == 5);
  CHECK(product.type.unit == cep::unit::money);
}

TEST_CASE("a quotient is real: of its unit, or a plain number where the units are equal") {
  CHECK(where_of("amount / 2 > 5 EUR").args[0].type.kind == cep::value_kind::real);
  CHECK(where_of("amount / 2 > 5 EUR").args[0].type.unit == cep::unit::money);
  CHECK(where_of("amount / 5 EUR > 2").args[0].type.unit == cep::unit::none);
}

TEST_CASE("times are a duration apart") {
  const auto p = pattern_of(
      "rule r for card { match a: payment then payment where at - a.at > 5m and a.at + 5m < at and at - 1m > a.at\n"
      " within 1h }");
  const auto parts = cep::conjuncts(filter_of(p, 1).where);
  CHECK(parts[0].args[0].type.unit == cep::unit::duration);
  CHECK(parts[1].args[0].type.unit == cep::unit::time);
  CHECK(parts[1].args[1].field == cep::at_field);
  CHECK(parts[2].args[0].type.unit == cep::unit::time);
}

TEST_CASE("between is two comparisons with both ends in") {
  CHECK(where_of("amount between 1 EUR and 2 EUR") == where_of("amount >= 1 EUR and amount <= 2 EUR"));
}

TEST_CASE("constants are worked out") {
  CHECK(where_of("amount > 2 * 2.5 EUR - 1 EUR").args[1].op == operation::literal);
  CHECK(where_of("true and amount > 5 EUR") == where_of("amount > 5 EUR"));
  CHECK(where_of("not (1 > 2 or false)") == cep::always());
}

TEST_CASE("a text beside an entity is a constant of that entity") {
  const auto constant = where_of("card != \"C1\"").args[1];
  CHECK(constant.type.kind == cep::value_kind::entity);
  CHECK(std::get<std::string>(constant.constant) == "C1");
}

TEST_CASE("when and unless become one condition") {
  const auto p = pattern_of("rule r for card { on p: payment  when p.amount > 5 EUR  unless p.merchant = \"m\" }");
  const auto parts = cep::conjuncts(p.condition);
  REQUIRE(parts.size() == 2);
  CHECK(parts[0].args[0].op == operation::bound_field);
  CHECK(parts[0].args[0].field == payment_amount);
  CHECK(parts[1].op == operation::logical_not);
}

TEST_CASE("absences are no steps: a label's index counts the steps before it") {
  const auto p = pattern_of(
      "rule r for card { match a: payment then no payment where amount > a.amount then b: payment\n"
      " then no payment where merchant = b.merchant within 5m }");
  CHECK(filter_of(p, 1).where.args[1].index == 0);
  CHECK(filter_of(p, 3).where.args[1].index == 1);
  CHECK(filter_of(p, 3).where.args[1].field == payment_merchant);
  CHECK(cep::last_absences(p).at(0)->within == stream::duration(std::chrono::minutes(5)));
  CHECK_FALSE(p.body.within.has_value());
}

TEST_CASE("equal aggregates are computed once, and named as the rule writes them, whatever its layout") {
  const auto program = program_of(
      "rule r for card { on p: payment\n"
      " when p.amount > 3 * avg( payment.amount )  over prior   1h and count(payment) over 1h > 2\n"
      " unless avg(payment.amount) over prior 60m > 5 EUR\n"
      " reason \"{count(payment) over 1h} of {avg(payment.amount) over prior 1h}\" }");
  const auto& r = program.rules.front();
  REQUIRE(r.pattern.aggregates.size() == 2);
  CHECK(r.value_names == std::vector<std::string>{"avg(payment.amount) over prior 1h", "count(payment) over 1h"});
  const auto& avg = r.pattern.aggregates[0];
  CHECK(avg.type == cep::value_type{.kind = cep::value_kind::real,
                                    .unit = cep::unit::money,
                                    .digits = 0,
                                    .currency = *stream::find_currency("EUR"),
                                    .entity = {}});
  CHECK(avg.window.prior);
  CHECK(avg.events.keys == std::vector{payment_card});
  CHECK(r.pattern.aggregates[1].type.kind == cep::value_kind::exact);
}

TEST_CASE("an aggregate's own event and its bound ones are told apart") {
  const auto p = pattern_of(
      "rule r for card { on p: payment\n"
      " when count(payment where merchant = p.merchant and payment.amount > p.amount) over 1h > 1 }");
  const auto parts = cep::conjuncts(p.aggregates.front().events.where);
  CHECK(parts[0].args[0].op == operation::field);
  CHECK(parts[0].args[1].op == operation::bound_field);
  CHECK(parts[1].args[0].op == operation::field);
}

TEST_CASE("a let is put in place of its call") {
  const std::string lets =
      "let large(t: transfer, limit: money) = above(t.amount, limit)\n"
      "let above(x: money, limit: money) = x > limit\n"
      "let mine(t: transfer, a: account) = t.from = a\n";
  const auto with = pattern_of(lets +
                               "rule r for acct: account { match in: transfer where to = acct and large(in, 5 EUR)\n"
                               " then out: transfer where mine(transfer, acct) and large(in, 6 EUR) within 1h }");
  const auto without = pattern_of(
      "rule r for acct: account { match in: transfer where to = acct and amount > 5 EUR\n"
      " then out: transfer where from = acct and in.amount > 6 EUR within 1h }");
  CHECK(cep::to_text(with) == cep::to_text(without));
}

TEST_CASE("a let's aggregate belongs to the subject of the rule that calls it") {
  const auto p = pattern_of(
      "let often(n: int) = count(payment) over 1h > n\n"
      "rule r for card { on payment  when often(5) }");
  CHECK(p.aggregates.at(0).events.keys == std::vector{payment_card});
}

TEST_CASE("a reason's words and expressions come in turn") {
  const auto program = program_of(
      "rule r for card { match a: payment then b: payment within 1h\n"
      " reason \"{card}: {a.amount} then {b.amount}, {span} later\" }");
  const auto& reason = program.rules.front().reason;
  REQUIRE(reason.size() == 8);
  CHECK(std::get<cep::expression>(reason[0]).op == operation::subject);
  CHECK(std::get<std::string>(reason[1]) == ": ");
  CHECK(std::get<cep::expression>(reason[4]).index == 1);
  CHECK(std::get<cep::expression>(reason[6]).op == operation::span);
  CHECK(std::get<std::string>(reason[7]) == " later");
}

TEST_CASE("texts that some rule reads are interned, others are not") {
  const auto program = program_of(
      "rule r for device { on l: login  when distinct(login.place) over 1h > 1 }\n"
      "rule s for card { on p: payment  suppress by p.country for 1h }");
  const auto interned = [&](std::string_view event, std::string_view field) {
    const auto& type = program.schema[*program.schema.find(event)];
    return type[*type.find(field)].interned;
  };
  CHECK(interned("login", "device"));
  CHECK(interned("login", "place"));
  CHECK(interned("payment", "country"));
  CHECK(interned("payment", "card"));
  CHECK_FALSE(interned("payment", "merchant"));
  CHECK_FALSE(interned("payment", "id"));
}

TEST_CASE("a rule's own words are kept") {
  const auto program = program_of(
      "rule r for card version 3 { severity critical score 80 tags aml.layering, x  mode off\n"
      " on payment  emit each  suppress by card for 6h }");
  const auto& r = program.rules.front();
  CHECK(r.version == 3);
  CHECK(r.severity == rules::severity::critical);
  CHECK(r.score == 80);
  CHECK(r.tags == std::vector<std::string>{"aml.layering", "x"});
  CHECK(r.mode == rules::rule_mode::off);
  CHECK(r.pattern.suppress->by.at(0).op == operation::subject);
  CHECK(program.patterns().empty());
  CHECK(program.active().empty());
}

TEST_CASE("lets that double with every call are stopped") {
  std::string text = "let l0(x: int) = x > 5\n";
  for (int i = 1; i < 40; ++i) {
    const auto below = "l" + std::to_string(i - 1) + "(x)";
    text += "let l" + std::to_string(i) + "(x: int) = " + below + " or not " + below + "\n";
  }
  CHECK(errors_in(text).find("more than 10000 calls of lets come of this one") != std::string::npos);
}

TEST_CASE("a condition larger than an evaluator takes is refused") {
  std::string many = "merchant = \"m\"";
  for (int i = 0; i < 1'500; ++i) many += " or merchant = \"m\"";
  CHECK(errors_in("rule r for card { on payment where " + many + " }").empty());
  CHECK(errors_in("rule r for card { on payment where " + many + " or " + many + " }") ==
        "more than 2000 operators in a row\n");
  std::string steps = "match payment where " + many;
  for (int i = 0; i < 5; ++i) steps += " then payment where " + many;
  CHECK(errors_in("rule r for card { " + steps + " within 1h }").find("too large") != std::string::npos);
}

}  // namespace
