#include "tests/support/oracle.hpp"

#include <chrono>

#include <catch2/catch.hpp>

#include "tests/support/oracle_world.hpp"

using namespace std::chrono_literals;
using namespace weir;
using namespace weir::testing;
using cep::operation;

namespace {

/// The rule card_testing of the language's description.
cep::pattern card_testing() {
  cep::step small{"small", payment.where("card", amount_below(200))};
  cep::step large{"large", payment.where("card", truth(operation::logical_and, amount_above(50'000),
                                                       truth(operation::not_equal, payment.here("merchant"),
                                                             payment.bound(0, "merchant"))))};
  return card_pattern({parts_of({small, large}), 10min});
}

/// login then no confirm within 30s, with payments for logins.
cep::pattern unconfirmed(stream::duration within = 30s) {
  return card_pattern(
      {parts_of({cep::step{"p", payment.where("card")}, cep::absence{confirm.where("card"), within}}), {}});
}

/// `on payment when AGGREGATE >= number`
cep::pattern on_payment_when(cep::aggregate a, std::int64_t number) {
  cep::pattern p = on(payment.where("card"));
  p.aggregates.push_back(std::move(a));
  p.condition = truth(operation::greater_equal, aggregate_value(p, 0), constant(number));
  return p;
}

using durations = std::vector<stream::duration>;

const cep::window over_10s{cep::time_extent{10s}, false};
const cep::window prior_10s{cep::time_extent{10s}, true};

}  // namespace

TEST_CASE("the oracle finds a test charge, then the real one") {
  const auto alerts = alerts_of({card_testing()}, {pay(0min, "C1", 100, "m1"), pay(9min, "C1", 90'000, "m2")});
  REQUIRE(alerts.size() == 1);
  CHECK(alerts[0].subject == std::vector<std::string>{"C1"});
  CHECK(alerts[0].at.time_since_epoch() == 9min);
  CHECK(places_of(alerts[0]) == places{0, 1});
}

TEST_CASE("the oracle's within is at most, never less than") {
  CHECK(alerts_of({card_testing()}, {pay(0min, "C1", 100, "m1"), pay(10min, "C1", 90'000, "m2")}).size() == 1);
  CHECK(alerts_of({card_testing()}, {pay(0min, "C1", 100, "m1"), pay(10min + 1us, "C1", 90'000, "m2")}).empty());
}

TEST_CASE("the oracle keeps subjects apart and judges conditions across events") {
  CHECK(alerts_of({card_testing()}, {pay(0min, "C1", 100, "m1"), pay(9min, "C2", 90'000, "m2")}).empty());
  CHECK(alerts_of({card_testing()}, {pay(0min, "C1", 100, "m1"), pay(9min, "C1", 90'000, "m1")}).empty());
}

TEST_CASE("the oracle's evidence is the match whose first event is latest, then the second") {
  const auto alerts = alerts_of({card_testing()}, {pay(0min, "C1", 100, "m1"), pay(1min, "C1", 100, "m2"),
                                                   pay(2min, "C1", 90'000, "m3"), pay(3min, "C1", 90'000, "m2")});
  CHECK(evidence(alerts) == std::vector<places>{{1, 2}, {0, 3}});
}

TEST_CASE("for the oracle a step comes later in the order, at the same time stamp too") {
  CHECK(alerts_of({card_testing()}, {pay(0min, "C1", 100, "m1"), pay(0min, "C1", 90'000, "m2")}).size() == 1);
  CHECK(alerts_of({card_testing()}, {pay(0min, "C1", 90'000, "m1"), pay(0min, "C1", 100, "m2")}).empty());
}

TEST_CASE("the oracle's when filters matches before the latest is taken") {
  cep::pattern p = card_testing();
  p.condition = truth(operation::equal, payment.bound(0, "merchant"), text("m1"));
  const auto alerts =
      alerts_of({p}, {pay(0min, "C1", 100, "m1"), pay(1min, "C1", 100, "m2"), pay(2min, "C1", 90'000, "m3")});
  CHECK(evidence(alerts) == std::vector<places>{{0, 2}});
}

TEST_CASE("the oracle's absence between two steps looks strictly between them") {
  cep::step first{"a", payment.where("card", amount_below(200))};
  cep::absence none{payment.where("card", amount_above(50'000)), {}};
  cep::step second{"b", payment.where("card")};
  const cep::pattern p = card_pattern({parts_of({first, none, second}), {}});
  // The large payment ends a match, being the second step itself; it breaks those that would reach over it.
  CHECK(evidence(alerts_of({p}, {pay(0s, "C1", 100), pay(1s, "C1", 60'000), pay(2s, "C1", 300)})) ==
        std::vector<places>{{0, 1}});
  CHECK(evidence(alerts_of({p}, {pay(0s, "C1", 100), pay(1s, "C2", 60'000), pay(2s, "C1", 300)})) ==
        std::vector<places>{{0, 2}});
}

TEST_CASE("the oracle raises an absence at its deadline, each arming event once") {
  const auto alerts = alerts_of({unconfirmed()}, {pay(0s, "C1", 1), pay(10s, "C1", 1), confirmed(35s, "C1")});
  REQUIRE(alerts.size() == 1);
  CHECK(alerts[0].at.time_since_epoch() == 30s);
  CHECK(places_of(alerts[0]) == places{0});
}

TEST_CASE("for the oracle an event exactly at the deadline still counts as come") {
  CHECK(alerts_of({unconfirmed()}, {pay(0s, "C1", 1), confirmed(30s, "C1")}).empty());
  CHECK(alerts_of({unconfirmed()}, {pay(0s, "C1", 1), confirmed(30s + 1us, "C1")}).size() == 1);
}

TEST_CASE("for the oracle an event before the arming one in the order does not confirm it") {
  CHECK(alerts_of({unconfirmed()}, {confirmed(0s, "C1"), pay(0s, "C1", 1)}).size() == 1);
  CHECK(alerts_of({unconfirmed()}, {pay(0s, "C1", 1), confirmed(0s, "C1")}).empty());
}

TEST_CASE("the oracle's deadlines pass strictly") {
  const std::vector<plain_event> events{pay(0s, "C1", 1)};
  const auto until = [&](stream::duration t) { return alerts_of({unconfirmed()}, events, stream::timestamp(t)); };
  CHECK(until(30s).empty());
  CHECK(until(30s + 1us).size() == 1);
}

TEST_CASE("the oracle puts deadlines after the events of their time, then by their arming event, then by pattern") {
  const cep::pattern any = on(payment.where("card"));
  const auto alerts =
      alerts_of({unconfirmed(10s), any, unconfirmed(5s)}, {pay(0s, "C1", 1), pay(5s, "C2", 1), pay(10s, "C3", 1)});
  std::vector<std::pair<std::uint32_t, places>> order;
  for (const auto& a : alerts) order.emplace_back(a.pattern, places_of(a));
  const std::vector<std::pair<std::uint32_t, places>> expected{{1, {0}}, {1, {1}}, {2, {0}}, {1, {2}}, {0, {0}},
                                                               {2, {1}}, {0, {1}}, {2, {2}}, {0, {2}}};
  CHECK(order == expected);
}

TEST_CASE("the oracle's window over D holds an event exactly D old, and this one") {
  const std::vector<plain_event> events = in_one_source(
      {pay(0s, "C1", 1), pay(0s, "C1", 1), pay(10s, "C1", 1), pay(10s, "C1", 1), pay(10s + 1us, "C1", 1)});
  CHECK(values_of(counted(payment.where("card"), over_10s), events) == exact({1, 2, 3, 4, 3}));
  CHECK(values_of(counted(payment.where("card"), prior_10s), events) == exact({0, 1, 2, 3, 2}));
}

TEST_CASE("the oracle's last N events are those that qualify") {
  const std::vector<plain_event> events =
      in_one_source({pay(0s, "C1", 100), pay(1s, "C1", 900), pay(2s, "C1", 200), pay(3s, "C1", 800)});
  const auto cheap = payment.where("card", amount_below(500));
  const cep::value_type eur = payment.here("amount").type;
  const auto sum = [&](bool prior) {
    return cep::aggregate{.function = cep::aggregate_function::sum,
                          .events = cheap,
                          .field = payment["amount"],
                          .window = {cep::count_extent{2}, prior},
                          .type = eur};
  };
  CHECK(values_of(sum(false), events) == exact({100, 100, 300, 300}));
  CHECK(values_of(sum(true), events) == exact({0, 100, 100, 300}));
}

TEST_CASE("the oracle's functions over a window") {
  const std::vector<plain_event> events =
      in_one_source({pay(0s, "C1", 300), pay(1s, "C1", 100), pay(2s, "C1", 300), pay(3s, "C2", 5)});
  using enum cep::aggregate_function;
  const auto last_of_c1 = [&](cep::aggregate_function f) {
    cep::aggregate a = counted(payment.where("card"), over_10s);
    a.function = f;
    a.field = payment["amount"];
    a.type = f == avg ? cep::value_type{.kind = cep::value_kind::real, .unit = cep::unit::money}
                      : payment.here("amount").type;
    return values_of(a, events)[2];
  };
  CHECK(last_of_c1(count) == exact({3})[0]);
  CHECK(last_of_c1(sum) == exact({700})[0]);
  CHECK(last_of_c1(avg) == naive_value(700.0 / 3));
  CHECK(last_of_c1(min) == exact({100})[0]);
  CHECK(last_of_c1(max) == exact({300})[0]);
  CHECK(last_of_c1(distinct) == exact({2})[0]);
  CHECK(last_of_c1(first) == exact({300})[0]);
  CHECK(last_of_c1(last) == exact({300})[0]);
}

TEST_CASE("for the oracle the mean of nothing is missing, and so is what compares with it false") {
  cep::pattern p = on(payment.where("card"));
  p.aggregates.push_back({.function = cep::aggregate_function::avg,
                          .events = payment.where("card"),
                          .field = payment["amount"],
                          .window = prior_10s,
                          .type = {.kind = cep::value_kind::real, .unit = cep::unit::money}});
  p.condition = truth(operation::greater_equal, payment.bound(0, "amount"), aggregate_value(p, 0));
  const auto alerts = alerts_of({p}, {pay(0s, "C1", 100), pay(1s, "C1", 100)});
  REQUIRE(alerts.size() == 1);
  CHECK(places_of(alerts[0]) == places{1});
  p.condition = truth(operation::logical_not, p.condition);
  CHECK(evidence(alerts_of({p}, {pay(0s, "C1", 100), pay(1s, "C1", 100)})) == std::vector<places>{{0}});
}

TEST_CASE("for the oracle events that lack the field take no part, nor does a missing value compare") {
  cep::aggregate levels = counted(reading.where("card"), over_10s);
  levels.field = reading["level"];
  const auto p = on_payment_when(levels, 2);
  CHECK(alerts_of({p}, {measured(0s, 1.5), measured(1s, {}), pay(2s, "C1", 1)}).empty());
  CHECK(alerts_of({p}, {measured(0s, 1.5), measured(1s, 0.0), pay(2s, "C1", 1)}).size() == 1);
  const auto equals_itself = truth(operation::equal, reading.here("level"), reading.here("level"));
  CHECK(alerts_of({on(reading.where("card", equals_itself))}, {measured(0s, {}), measured(1s, 1.0)}).size() == 1);
}

TEST_CASE("the oracle reads aggregates of an absence as of its deadline") {
  cep::pattern p = unconfirmed();
  p.aggregates.push_back(counted(payment.where("card"), {cep::time_extent{30s}, false}));
  p.aggregates.push_back(counted(payment.where("card"), {cep::time_extent{29s}, true}));
  const auto alerts = alerts_of({p}, {pay(0s, "C1", 1), pay(30s, "C1", 1), pay(30s, "C1", 1), pay(31s, "C1", 1)});
  REQUIRE_FALSE(alerts.empty());
  CHECK(alerts[0].aggregates == exact({3, 2}));
}

TEST_CASE("the oracle's aggregates may read the match's events, and self transfers belong once to each side") {
  // match in: transfer where to = acct, then out: transfer where from = acct,
  // when count(transfer where from = acct and amount = in.amount) over 10s >= 2
  cep::pattern p;
  p.subjects = {types[transfer.type()][transfer["to"]].type};
  p.body.parts = parts_of({cep::step{"in", transfer.where("to")}, cep::step{"out", transfer.where("from")}});
  p.aggregates.push_back(counted(
      transfer.where("from", truth(operation::equal, transfer.here("amount"), transfer.bound(0, "amount"))), over_10s));
  p.condition = truth(operation::greater_equal, aggregate_value(p, 0), constant(2));
  const auto alerts = alerts_of({p}, {moved(0s, "X", "A", 5), moved(1s, "A", "Y", 5), moved(2s, "X", "A", 7),
                                      moved(3s, "A", "Y", 5), moved(4s, "A", "A", 7), moved(5s, "A", "Y", 7)});
  CHECK(evidence(alerts) == std::vector<places>{{0, 3}, {0, 4}, {4, 5}});
}

TEST_CASE("the oracle's first is silent for the subject until within has passed") {
  cep::pattern p = card_testing();
  p.emit = cep::emission::first;
  const auto alerts = alerts_of(
      {p}, {pay(0min, "C1", 100, "m1"), pay(1min, "C1", 60'000), pay(2min, "C2", 100, "m1"), pay(3min, "C2", 60'000),
            pay(4min, "C1", 100, "m1"), pay(11min, "C1", 60'000), pay(11min + 1us, "C1", 60'000)});
  CHECK(times(alerts) == durations{1min, 3min, 11min + 1us});
}

TEST_CASE("the oracle's suppress keeps back what comes no later than its duration, and counts it") {
  cep::pattern p = on(payment.where("card"));
  p.suppress = cep::suppression{{}, 10s};
  const auto alerts = alerts_of({p}, {pay(0s, "C1", 1), pay(5s, "C1", 1), pay(6s, "C2", 1), pay(10s, "C1", 1),
                                      pay(10s + 1us, "C1", 1), pay(20s, "C1", 1), pay(30s, "C1", 1)});
  CHECK(times(alerts) == durations{0s, 6s, 10s + 1us, 30s});
  std::vector<std::uint64_t> kept_back;
  for (const auto& a : alerts) kept_back.push_back(a.suppressed);
  CHECK(kept_back == std::vector<std::uint64_t>{0, 0, 2, 1});
}

TEST_CASE("the oracle's suppress by an expression looks beyond the subject") {
  cep::pattern p = on(payment.where("card"));
  p.suppress = cep::suppression{{payment.bound(0, "merchant")}, 10s};
  const auto alerts =
      alerts_of({p}, {pay(0s, "C1", 1, "m1"), pay(1s, "C2", 1, "m1"), pay(2s, "C1", 1, "m2"), pay(11s, "C3", 1, "m1")});
  CHECK(times(alerts) == durations{0s, 2s, 11s});
  CHECK(alerts[2].suppressed == 1);
}

TEST_CASE("the oracle applies first before suppress") {
  cep::pattern p = on(payment.where("card"));
  p.body.within = 2s;
  p.emit = cep::emission::first;
  p.suppress = cep::suppression{{}, 5s};
  const auto alerts =
      alerts_of({p}, {pay(0s, "C1", 1), pay(1s, "C1", 1), pay(3s, "C1", 1), pay(5s, "C1", 1), pay(6s, "C1", 1)});
  // 1s and 5s are silenced by first and not counted; 3s is kept back; 6s gets out.
  CHECK(times(alerts) == durations{0s, 6s});
  CHECK(alerts[1].suppressed == 1);
}

TEST_CASE("for the oracle literals are exact and reals are doubles") {
  const auto ratio = constant(cep::int128{9}, {.kind = cep::value_kind::exact, .digits = 1});
  cep::value_type scaled = payment.here("amount").type;
  scaled.digits = 3;
  const auto product = arithmetic(operation::multiply, scaled, ratio, euros(1'000));
  const auto p = on(payment.where("card", truth(operation::equal, payment.here("amount"), product)));
  CHECK(evidence(alerts_of({p}, {pay(0s, "C1", 899), pay(1s, "C1", 900), pay(2s, "C1", 901)})) ==
        std::vector<places>{{1}});
}

TEST_CASE("for the oracle a division by zero is missing") {
  const auto share = arithmetic(operation::divide, {.kind = cep::value_kind::real}, payment.here("amount"), euros(0));
  const auto any = truth(operation::greater_equal, share, constant(0));
  CHECK(alerts_of({on(payment.where("card", any))}, {pay(0s, "C1", 1)}).empty());
  CHECK(alerts_of({on(payment.where("card", truth(operation::is_missing, share)))}, {pay(0s, "C1", 1)}).size() == 1);
}

TEST_CASE("for the oracle a pattern without a subject is about the whole stream") {
  cep::pattern p;
  p.body.parts = parts_of({cep::step{"a", {payment.type(), {}, amount_below(200)}},
                           cep::step{"b", {payment.type(), {}, amount_above(200)}}});
  const auto alerts = alerts_of({p}, {pay(0s, "C1", 100), pay(1s, "C2", 300)});
  REQUIRE(alerts.size() == 1);
  CHECK(alerts[0].subject.empty());
}
