// What a match is, for every form of a step, by hand from docs/semantics.md. Streams are letters: see oracle_world.hpp.
#include <chrono>

#include <catch2/catch.hpp>

#include "tests/support/oracle_world.hpp"

using namespace std::chrono_literals;
using namespace weir;
using namespace weir::testing;
using cep::operation;

namespace {

cep::pattern match(std::vector<body_part> parts, std::optional<stream::duration> within = {}) {
  return card_pattern({parts_of(std::move(parts)), within});
}

cep::pattern within_events(std::uint32_t n, cep::pattern p) {
  p.body.within_events = n;
  return p;
}

cep::pattern emit_all(cep::pattern p, std::uint32_t limit = 100) {
  p.emit = cep::emission::all;
  p.emit_limit = limit;
  return p;
}

const cep::step a = letter("a");
const cep::step b = letter("b");
const cep::step c = letter("c");

}  // namespace

// ---- runs

TEST_CASE("for the oracle N times is any N in a row, none that qualifies left out") {
  const cep::pattern two_then_b = match({run_of(a, 2, 2), b});
  CHECK(found(two_then_b, "a b") == "");
  CHECK(found(two_then_b, "a a b") == "0,1,2");
  CHECK(found(two_then_b, "a a a b") == "1,2,3");
  CHECK(found(two_then_b, "a x a b") == "0,2,3");
  CHECK(found(emit_all(two_then_b), "a a a b") == "1,2,3 0,1,3");
  CHECK(found(two_then_b, "a C2:a a b") == "0,2,3");
}

TEST_CASE("for the oracle N to M times is any run of that size") {
  const cep::pattern p = match({run_of(a, 2, 3), b});
  CHECK(found(p, "a a b") == "0,1,2");
  CHECK(found(emit_all(p), "a a a a b") == "2,3,4 1,2,3,4 1,2,4 0,1,2,4 0,1,4");
}

TEST_CASE("for the oracle a run alone ends where the match ends") {
  CHECK(found(match({run_of(a, 3, 3)}), "a a x a a") == "0,1,3 1,3,4");
  CHECK(found(match({some(a)}), "a x a") == "0 0,2");
  CHECK(found(match({some(a)}, 1s), "a@0 a@1 a@2 a@5") == "0 0,1 1,2 3");
  CHECK(found(match({run_of(a, 2)}, 1s), "a@0 a@1 a@2 a@5") == "0,1 1,2");
}

TEST_CASE("for the oracle some reaches from the first that the windows allow to the last before the next step") {
  CHECK(found(match({some(a), b}), "a a b a b") == "0,1,2 0,1,3,4");
  CHECK(found(match({some(a), b}, 2s), "a@0 a@1 a@2 b@3") == "1,2,3");
  CHECK(found(match({some(a), b}, 2s), "a@0 b@3") == "");
  CHECK(found(match({c, some(a), b}), "a c a x a b a b") == "1,2,4,5 1,2,4,6,7");
  CHECK(found(within_events(2, match({some(a), b})), "a a a b") == "1,2,3");
}

TEST_CASE("for the oracle a longest run of at least N is none if it is shorter") {
  CHECK(found(match({run_of(a, 3), b}), "a a b a b") == "0,1,3,4");
  CHECK(found(match({run_of(a, 3), b}, 3s), "a@0 a@1 b@2 a@3 b@4") == "");
}

TEST_CASE("for the oracle a step behind a run may stand anywhere behind it, so the run is the longest before each") {
  // From b at 2 the run is 0,1; from b at 4 it is 0,1,3: the run ends at the last `a` before the event after.
  CHECK(found(match({some(a), b, c}), "a a b a b c") == "0,1,3,4,5");
  CHECK(found(emit_all(match({some(a), b, c})), "a a b a b c") == "0,1,3,4,5 0,1,2,5");
}

TEST_CASE("for the oracle two longest runs side by side may meet anywhere") {
  const cep::step ab = letter("ab");
  CHECK(found_by_step(match({some(ab), some(ab)}), "a a a") == "[0][1] [0,1][2]");
  CHECK(found_by_step(emit_all(match({some(ab), some(ab)})), "a a a") == "[0][1] [0,1][2]");
}

TEST_CASE(
    "for the oracle the last of a run is what its label reads, and its first and its aggregates by their own names") {
  cep::step pay_a{"run", payment.where("card", amount_below(1'000)), {1, std::nullopt}};
  cep::step big{"big", payment.where("card", amount_above(10'000))};
  const auto alerts_when = [&](cep::expression condition) {
    cep::pattern p = match({pay_a, big});
    p.condition = std::move(condition);
    return alerts_of({p}, {pay(0s, "C1", 300), pay(1s, "C1", 500), pay(2s, "C1", 400), pay(3s, "C1", 20'000)}).size();
  };
  const auto equals = [](cep::expression e, cep::expression other) {
    return truth(operation::equal, std::move(e), std::move(other));
  };
  CHECK(alerts_when(equals(payment.bound(0, "amount"), euros(400))) == 1);
  CHECK(alerts_when(equals(payment.first_of(0, "amount"), euros(300))) == 1);
  CHECK(alerts_when(equals(payment.over_run(cep::aggregate_function::count, 0, "amount"), constant(3))) == 1);
  CHECK(alerts_when(equals(payment.over_run(cep::aggregate_function::sum, 0, "amount"), euros(1'200))) == 1);
  CHECK(alerts_when(equals(payment.over_run(cep::aggregate_function::max, 0, "amount"), euros(500))) == 1);
  CHECK(alerts_when(equals(payment.over_run(cep::aggregate_function::first, 0, "amount"), euros(300))) == 1);
  CHECK(alerts_when(equals(payment.over_run(cep::aggregate_function::distinct, 0, "merchant"), constant(1))) == 1);
}

// ---- groups

TEST_CASE("for the oracle all of takes an event for each member, in any order") {
  const cep::pattern p = match({all_of({a, b}), c});
  CHECK(found_by_step(p, "a b c") == "[0][1][2]");
  CHECK(found_by_step(p, "b a c") == "[1][0][2]");
  CHECK(found_by_step(p, "a c b c") == "[0][2][3]");
  CHECK(found_by_step(match({all_of({a, b})}), "b a a b") == "[1][0] [2][0] [2][3]");
}

TEST_CASE("for the oracle no event is bound twice by all of, and both ways to bind two are matches") {
  const cep::pattern p = match({all_of({letter("ab"), letter("ac")})});
  CHECK(found_by_step(p, "a") == "");
  CHECK(found_by_step(p, "a a") == "[0][1]");
  CHECK(found_by_step(emit_all(p), "a a") == "[0][1] [1][0]");
}

TEST_CASE("for the oracle one of takes what one member binds, the first of equals by its step") {
  CHECK(found_by_step(match({one_of({a, b}), c}), "a b c") == "[][1][2]");
  CHECK(found_by_step(match({one_of({letter("ab"), a})}), "a") == "[0][]");
  CHECK(found_by_step(emit_all(match({one_of({letter("ab"), a})})), "a") == "[0][]");
  CHECK(found_by_step(match({one_of({run_of(a, 2, 2), b}), c}), "b a a c") == "[1,2][][3]");
}

TEST_CASE("for the oracle two that bind the same events are one, but only one that counts") {
  cep::pattern p = emit_all(match({one_of({letter("ab"), a})}));
  p.condition = truth(operation::is_missing, payment.bound(0, "merchant"));
  CHECK(found_by_step(p, "a") == "[][0]");
}

TEST_CASE("for the oracle optional binds an event or nothing, and its label is missing then") {
  cep::pattern p = emit_all(match({a, optional(b), c}));
  CHECK(found_by_step(p, "a c") == "[0][][1]");
  // The one with b is the later: where the other binds c, it binds a step that is written earlier.
  CHECK(found_by_step(p, "a b c") == "[0][1][2] [0][][2]");
  CHECK(found_by_step(match({a, optional(b), c}), "a b b c") == "[0][2][3]");
  p.condition = truth(operation::is_missing, payment.bound(1, "merchant"));
  CHECK(found_by_step(p, "a b c") == "[0][][2]");
  p.condition = truth(operation::logical_not, p.condition);
  CHECK(found_by_step(p, "a b c") == "[0][1][2]");
}

TEST_CASE("for the oracle optional may be first, last, or a group") {
  CHECK(found_by_step(emit_all(match({optional(a), b})), "a b") == "[0][1] [][1]");
  CHECK(found_by_step(emit_all(match({a, optional(b)})), "a b") == "[0][] [0][1]");
  CHECK(found_by_step(emit_all(match({optional(all_of({a, b})), c})), "b a c") == "[1][0][2] [][][2]");
  CHECK(found_by_step(emit_all(match({optional(a)})), "x") == "");
}

TEST_CASE("for the oracle then next is the very next event of the rule") {
  const cep::pattern p = match({a, next(b)});
  CHECK(found(p, "a b") == "0,1");
  CHECK(found(p, "a a b") == "1,2");
  // Conditions play no part: any payment of the card is of the rule.
  CHECK(found(p, "a x b") == "");
  CHECK(found(p, "a C2:x b") == "0,2");
  CHECK(found(match({a, next(some(b)), c}), "a b x b c") == "0,1,3,4");
  CHECK(found(match({a, next(optional(b)), c}), "a x c") == "0,2");
  CHECK(found_by_step(match({a, next(all_of({b, c}))}), "a c x b") == "[0][3][1]");
}

TEST_CASE("for the oracle absences name events of the rule too") {
  const cep::pattern p = match({a, next(b), cep::absence{confirm.where("card"), 10s}});
  std::vector<plain_event> events = letter_stream("a b@2");
  CHECK(alerts_of({p}, events).size() == 1);
  events.insert(events.begin() + 1, confirmed(1s, "C1"));
  CHECK(alerts_of({p}, events).empty());
}

// ---- windows

TEST_CASE("for the oracle within of a label is at most, for every event of the step") {
  CHECK(found(match({a, in_time(b, 2s, 0)}), "a@0 b@2 b@2.5") == "0,1");
  CHECK(found(match({a, c, in_time(b, 2s, 0)}), "a@0 c@1 b@2 b@3") == "0,1,2");
  CHECK(found(match({a, in_time(some(b), 2s, 0), c}), "a@0 b@1 b@2 b@3 c@4") == "0,1,2,4");
  CHECK(found(match({a, in_time(run_of(b, 2, 2), 2s, 0), c}), "a@0 b@1 b@3 c@4") == "");
  // The last of a run is what its label tells the time of.
  CHECK(found(match({some(a), in_time(b, 2s, 0)}), "a@0 a@3 b@5 b@6") == "0,1,2");
}

TEST_CASE("for the oracle within of a label that is missing is false") {
  const cep::pattern p = match({optional(a), c, in_time(b, 9s, 0)});
  CHECK(found_by_step(p, "c b") == "");
  CHECK(found_by_step(p, "a c b") == "[0][1][2]");
}

TEST_CASE("for the oracle within N events counts events of the rule, whatever their conditions") {
  CHECK(found(within_events(2, match({a, b})), "a b a x b a x x b") == "0,1 2,4");
  CHECK(found(within_events(1, match({a, b})), "a C2:x b") == "0,2");
  CHECK(found(within_events(0, match({a})), "a") == "0");
}

// ---- absences

TEST_CASE("for the oracle an absence between may have its own time, from the event before or a label") {
  CHECK(found(match({a, no_letter("x", 2s), b}), "a@0 x@2 b@5") == "");
  CHECK(found(match({a, no_letter("x", 2s), b}), "a@0 x@2.5 b@5") == "0,2");
  CHECK(found(match({a, c, no_letter("x", 2s, 0), b}), "a@0 c@1 x@2 b@5") == "");
  CHECK(found(match({a, c, no_letter("x", 2s, 0), b}), "a@0 c@1 x@2.5 b@5") == "0,1,3");
}

TEST_CASE("for the oracle an absence stands between what is bound around it") {
  CHECK(found_by_step(match({a, no_letter("x"), optional(b), c}), "a x c") == "");
  CHECK(found_by_step(match({a, no_letter("x"), optional(b), c}), "a b x c") == "[0][1][3]");
  CHECK(found_by_step(match({a, optional(b), no_letter("x"), c}), "a x b c") == "[0][2][3]");
  CHECK(found(match({some(a), no_letter("x"), b}), "a x a b") == "0,2,3");
  CHECK(found_by_step(match({all_of({a, b}), no_letter("x"), c}), "a x b c") == "[0][2][3]");
}

TEST_CASE("for the oracle an absence at the beginning looks back from the first event") {
  const cep::pattern p = match({no_letter("x", 2s), a, b});
  CHECK(found(p, "a b") == "0,1");
  CHECK(found(p, "x@0 a@2 b@3") == "");
  CHECK(found(p, "x@0 a@2.5 b@3") == "1,2");
  CHECK(found(p, "a@0 x@1 b@2") == "0,2");
  // Before it in the order, at the same time stamp: it counts. Behind it: not.
  CHECK(found(p, "x@5 a@5 b@6") == "");
  CHECK(found(p, "a@5 x@5 b@6") == "0,2");
  CHECK(found(match({no_letter("x", 2s), all_of({a, b})}), "x@0 b@1 a@4") == "");
}

TEST_CASE("for the oracle an absence judges the run that the windows give") {
  // The run is 1,2 whatever comes before it: a shorter one would pass, but is not the longest.
  CHECK(found(match({no_letter("x", 2s), some(a), b}), "x@0 a@1 a@4 b@5") == "");
}

TEST_CASE("for the oracle several absences at the end make one deadline, the latest") {
  const cep::pattern p = match({a, no_letter("x", 10s), no_letter("y", 20s)});
  CHECK(found(p, "a") == "0@20");
  CHECK(found(p, "a@0 x@10") == "");
  CHECK(found(p, "a@0 x@11") == "0@20");
  CHECK(found(p, "a@0 y@20") == "");
  CHECK(found(p, "a@0 y@21") == "0@20");
}

TEST_CASE("for the oracle a deadline may count from a label, and none lies before the last event") {
  const cep::pattern p = match({a, b, no_letter("x", 10s, 0)});
  CHECK(found(p, "a@0 b@4") == "0,1@10");
  CHECK(found(p, "a@0 b@4 x@10") == "");
  CHECK(found(p, "a@0 x@2 b@4 x@11") == "0,2@10");
  CHECK(found(p, "a@0 b@10 x@11") == "0,1");  // at 10 s, which is the time of its last event
  CHECK(found(p, "a@0 b@10.5") == "");
  // Each last event and deadline has its own alert: b at 4 with a at 0, and with a at 2.
  CHECK(found(p, "a@0 a@2 b@4") == "0,2@10 1,2@12");
}

TEST_CASE("for the oracle a run before a deadline ends at any event, and each has its own") {
  CHECK(found(match({some(a), no_letter("x", 10s)}), "a@0 a@5") == "0@10 0,1@15");
}

// ---- subjects

TEST_CASE("the oracle tells subjects apart by all of their values") {
  const auto card = types[payment.type()][payment["card"]].type;
  const auto merchant = types[payment.type()][payment["merchant"]].type;
  cep::pattern p;
  p.subjects = {card, merchant};
  const cep::event_filter any{payment.type(), {payment["card"], payment["merchant"]}};
  p.body.parts = parts_of({cep::step{"p", any}, cep::step{"q", any}});
  const auto alerts = alerts_of({p}, letter_stream("a b C2:a a C2:b b"));
  CHECK(evidence(alerts) == std::vector<places>{{0, 3}, {1, 5}});
  REQUIRE(alerts.size() == 2);
  CHECK(alerts[1].subject == std::vector<std::string>{"C1", "b"});
}

TEST_CASE("for the oracle a free step is joined by its condition, and the subject is that of the others") {
  // (acct) -[x]-> (m) -[y]-> (z): y touches the subject only through x.
  const cep::step x{"x", transfer.where("from")};
  const cep::step y{"y",
                    {transfer.type(), {}, truth(operation::equal, transfer.here("from"), transfer.bound(0, "to"))}};
  const auto alerts = alerts_of({account_pattern({parts_of({x, y}), {}})},
                                {moved(0s, "A", "M"), moved(1s, "B", "M"), moved(2s, "M", "Z"), moved(3s, "Z", "Q")});
  CHECK(evidence(alerts) == std::vector<places>{{0, 2}, {1, 2}, {2, 3}});
  REQUIRE(alerts.size() == 3);  // those of one event in the order of the subjects' names
  CHECK(alerts[0].subject == std::vector<std::string>{"A"});
  CHECK(alerts[1].subject == std::vector<std::string>{"B"});
}

TEST_CASE("for the oracle a free step may come first") {
  const cep::step x{"x", {transfer.type(), {}}};
  const cep::step y{"y",
                    transfer.where("from", truth(operation::equal, transfer.here("from"), transfer.bound(0, "to")))};
  const auto alerts = alerts_of({account_pattern({parts_of({x, y}), {}})},
                                {moved(0s, "A", "M"), moved(1s, "M", "Z"), moved(2s, "M", "Q")});
  CHECK(evidence(alerts) == std::vector<places>{{0, 1}, {0, 2}});
  CHECK(alerts[1].subject == std::vector<std::string>{"M"});
}

TEST_CASE("for the oracle an event may belong to two subjects through two members") {
  const cep::pattern p = account_pattern(
      {parts_of({one_of({cep::step{"in", transfer.where("to")}, cep::step{"out", transfer.where("from")}})}), {}});
  const auto alerts = alerts_of({p}, {moved(0s, "A", "B"), moved(1s, "C", "C")});
  REQUIRE(alerts.size() == 3);  // C's two matches bind the same event: they are one
  CHECK(alerts[0].subject == std::vector<std::string>{"A"});
  CHECK(alerts[1].subject == std::vector<std::string>{"B"});
  CHECK(alerts[2].subject == std::vector<std::string>{"C"});
}

// ---- alerts

TEST_CASE("the oracle's emit all goes from the latest match to the earliest, at most N at one end") {
  const cep::pattern p = match({a, b});
  CHECK(found(p, "a a a b") == "2,3");
  CHECK(found(emit_all(p), "a a a b b") == "2,3 1,3 0,3 2,4 1,4 0,4");
  CHECK(found(emit_all(p, 2), "a a a b b") == "2,3 1,3 2,4 1,4");
}

TEST_CASE("the oracle's emit all counts only matches that count") {
  cep::pattern p = emit_all(match({a, b}), 1);
  p.condition = truth(operation::less, payment.bound(0, "at"), moment(1s));
  CHECK(found(p, "a@0 a@1 b@5") == "0,2");
}

TEST_CASE("the oracle's suppress holds back what emit all brings after the first") {
  cep::pattern p = emit_all(match({a, b}));
  p.suppress = cep::suppression{{}, 10s};
  CHECK(found(p, "a a b") == "1,2");
}
