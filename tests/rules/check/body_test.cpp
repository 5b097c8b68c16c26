#include <catch2/catch.hpp>

#include "tests/rules/check/compiling.hpp"

namespace {

using namespace weir;
using namespace weir::testing;
using cep::operation;
using std::chrono::minutes;

const cep::step_group& group_of(const cep::pattern& p, std::size_t part) {
  return std::get<cep::step_group>(p.body.parts.at(part));
}
const cep::absence& absence_of(const cep::pattern& p, std::size_t part) {
  return std::get<cep::absence>(p.body.parts.at(part));
}

TEST_CASE("a quantity says how many events a step takes") {
  const auto p = pattern_of(
      "rule r for card { match 5 times payment then 2 to 3 times payment then at least 4 payment\n"
      " then some payment then 1 time payment then payment within 1h }");
  const auto count = [&](std::size_t part) { return group_of(p, part).steps.at(0).count; };
  CHECK(count(0) == cep::quantity{.least = 5, .most = 5});
  CHECK(count(1) == cep::quantity{.least = 2, .most = 3});
  CHECK(count(2) == cep::quantity{.least = 4, .most = std::nullopt});
  CHECK(count(3) == cep::quantity{.least = 1, .most = std::nullopt});
  CHECK(count(4).single());
  CHECK(count(5).single());
}

TEST_CASE("steps are numbered through groups as they are written") {
  const auto p = pattern_of(
      "rule r for card { match a: payment then next all of (b: payment, c: payment where amount > a.amount)\n"
      " then optional one of (payment, 2 times e: payment) then f: payment where amount > c.amount within 1h }");
  REQUIRE(cep::steps_of(p).size() == 6);
  const auto& all = group_of(p, 1);
  CHECK(all.gathered == cep::step_group::gathering::all_of);
  CHECK(all.next);
  CHECK_FALSE(all.optional);
  CHECK(all.steps.at(1).events.where.args.at(1).index == 0);
  const auto& one = group_of(p, 2);
  CHECK(one.gathered == cep::step_group::gathering::one_of);
  CHECK(one.optional);
  CHECK(one.steps.at(1).label == "e");
  CHECK(one.steps.at(1).count.least == 2);
  CHECK(group_of(p, 3).steps.at(0).events.where.args.at(1).index == 2);
}

TEST_CASE("`within` of a label names its step") {
  const auto p = pattern_of(
      "rule r for card { match no payment where amount > 9 EUR within 3m then a: payment then payment\n"
      " then no payment where amount > 5 EUR within 7m then c: payment within 5m of a\n"
      " then no payment where amount > 6 EUR within 8m then no payment where amount > 7 EUR within 9m of a\n"
      " within 1h within 20 events }");
  CHECK(absence_of(p, 0).within == minutes(3));
  CHECK(absence_of(p, 3).within == minutes(7));
  CHECK_FALSE(absence_of(p, 3).of.has_value());
  CHECK(group_of(p, 4).steps.at(0).within == cep::time_since{.length = minutes(5), .step = 0});
  REQUIRE(cep::last_absences(p).size() == 2);
  CHECK(absence_of(p, 5).within == minutes(8));
  CHECK_FALSE(absence_of(p, 5).of.has_value());
  CHECK(absence_of(p, 6).of == std::uint16_t{0});
  CHECK(p.body.within == minutes(60));
  CHECK(p.body.within_events == 20U);
}

TEST_CASE("`emit all` keeps its limit") {
  const auto p = pattern_of("rule r for card { on payment  emit all limit 7 }");
  CHECK(p.emit == cep::emission::all);
  CHECK(p.emit_limit == 7);
}

TEST_CASE("a path's edges are steps joined by their vertices") {
  const auto path = pattern_of(
      "rule r for b: account { match (a) -[x: transfer]-> (b) -[transfer where amount > x.amount]-> (c)\n"
      " -[z: transfer]-> (a) where z.n > x.n and x.n > 5 within 1h }");
  const auto steps = pattern_of(
      "rule r for b: account { match x: transfer where to = b and n > 5\n"
      " then transfer where from = b and amount > x.amount then z: transfer where to = b within 1h }");
  CHECK(path.subjects == steps.subjects);
  CHECK(group_of(path, 0) == group_of(steps, 0));
  CHECK(group_of(path, 1) == group_of(steps, 1));
  // The last edge touches the subject nowhere: it is free, and joined to those before it.
  const auto& free = group_of(path, 2).steps.at(0).events;
  CHECK(free.keys.empty());
  const auto parts = cep::conjuncts(free.where);
  REQUIRE(parts.size() == 3);
  CHECK(cep::to_text(parts[0].args[1]) ==
        cep::to_text(cep::expression{
            .op = operation::bound_field, .type = parts[0].args[0].type, .index = 1, .field = stream::field_id{1}}));
  CHECK(parts[1].args[0].field == stream::field_id{1});
  CHECK(parts[1].args[1].index == 0);
  CHECK(parts[1].args[1].field == stream::field_id{0});
  CHECK(parts[2].args[0].op == operation::field);
}

TEST_CASE("the edges of a path in any order are joined where all of them are there") {
  const auto p = pattern_of(
      "rule r for a: account { match any order (a) -[x: transfer where n > 1]-> (b) -[y: transfer]-> (c)\n"
      " where y.n > 2 and y.n > x.n within 1h when x.n > 3 }");
  const auto& all = group_of(p, 0);
  REQUIRE(p.body.parts.size() == 1);
  CHECK(all.gathered == cep::step_group::gathering::all_of);
  CHECK(all.steps.at(0).events.keys == std::vector{stream::field_id{0}});
  CHECK(all.steps.at(1).events.keys.empty());
  CHECK(cep::conjuncts(all.steps.at(1).events.where).size() == 1);
  CHECK(cep::conjuncts(p.condition).size() == 3);  // x.to = y.from, y.n > x.n, x.n > 3
}

TEST_CASE("a graph says from which field of an event to which its edges lead") {
  const auto p = pattern_of(
      "event swap { at: time  giver, broker, taker: account }\n"
      "graph swaps : swap(taker -> giver) keep 1d\n"
      "rule r for a: account { match (a) -[swap]-> (b) }");
  CHECK(group_of(p, 0).steps.at(0).events.keys == std::vector{stream::field_id{2}});
}

TEST_CASE("a subject without a type is of its vertex's") {
  const auto p = pattern_of("rule r for mule { match (a) -[transfer]-> (mule) }");
  CHECK(p.subjects.at(0).kind == stream::type_kind::entity);
  CHECK(group_of(p, 0).steps.at(0).events.keys == std::vector{stream::field_id{1}});
}

TEST_CASE("an edge is free unless it touches all subjects") {
  const auto p = pattern_of(
      "rule r for a: account, c: account { match (a) -[transfer]-> (b) -[transfer]-> (c) -[transfer]-> (a) }");
  const auto& first = group_of(p, 0).steps.at(0).events;
  CHECK(first.keys.empty());
  CHECK(first.where.args.at(1).op == operation::subject);
  CHECK(group_of(p, 2).steps.at(0).events.keys == std::vector{stream::field_id{1}, stream::field_id{0}});
}

}  // namespace
