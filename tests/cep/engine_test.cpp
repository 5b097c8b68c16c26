#include "cep/engine.hpp"

#include <catch2/catch.hpp>

#include "tests/support/event_builder.hpp"
#include "tests/support/pattern_builder.hpp"

namespace weir::cep {

namespace {

using namespace std::chrono_literals;

stream::schema payments() {
  stream::schema types;
  const auto card = types.add_entity("card");
  types.add({"payment",
             {{"card", {.kind = stream::type_kind::entity, .entity = card}},
              {"amount", {.kind = stream::type_kind::integer}}}});
  return types;
}

struct world {
  stream::schema types = payments();
  stream::symbols names{types};
  testing::fields payment{types, "payment"};
  stream::event_log log{};

  testing::plain_event event(std::string card, stream::duration when, std::int64_t amount) const {
    return testing::make_event(types, "payment", when, {{"card", std::move(card)}, {"amount", amount}});
  }
  pattern of_card() const {
    pattern p;
    p.subjects = {{.kind = stream::type_kind::entity, .entity = *types.find_entity("card")}};
    return p;
  }
  void append(std::vector<testing::plain_event> events, stream::duration watermark) {
    log.append(
        testing::make_batch(testing::in_one_source(std::move(events)), stream::timestamp{watermark}, types, names));
  }
  expression more_than(std::int64_t amount) const {
    return testing::truth(operation::greater, payment.here("amount"), testing::constant(amount));
  }
};

}  // namespace

TEST_CASE("matches of one event come in the order of the patterns") {
  world w;
  pattern p = w.of_card();
  p.body.parts = testing::parts_of({step{"", w.payment.where("card")}});
  engine e{{p, p, p}, {}, w.types, w.names};
  w.append({w.event("C1", 1s, 5), w.event("C2", 1s, 5)}, 2s);
  const auto matches = e.advance(w.log);
  REQUIRE(matches.size() == 6);
  for (std::uint32_t i = 0; i < 6; ++i) REQUIRE(matches[i].pattern == i % 3);
}

TEST_CASE("a deadline passes when the watermark is greater, not when it is equal") {
  world w;
  pattern p = w.of_card();
  p.body.parts = testing::parts_of(
      {step{"big", w.payment.where("card", w.more_than(100))}, absence{w.payment.where("card"), 30s}});
  engine e{{p}, {}, w.types, w.names};
  w.append({w.event("C1", 0s, 500)}, 30s);
  REQUIRE(e.advance(w.log).empty());
  w.append({}, 30s + 1us);
  const auto matches = e.advance(w.log);
  REQUIRE(matches.size() == 1);
  REQUIRE(matches[0].at == stream::timestamp{30s});
}

TEST_CASE("an event at the deadline itself breaks the absence") {
  world w;
  pattern p = w.of_card();
  p.body.parts = testing::parts_of(
      {step{"big", w.payment.where("card", w.more_than(100))}, absence{w.payment.where("card"), 30s}});
  engine e{{p}, {}, w.types, w.names};
  w.append({w.event("C1", 0s, 500), w.event("C1", 30s, 1)}, 100s);
  REQUIRE(e.advance(w.log).empty());
}

TEST_CASE("subjects are let go when nothing of theirs can matter any more") {
  world w;
  pattern p = w.of_card();
  p.body.parts =
      testing::parts_of({step{"a", w.payment.where("card")}, step{"b", w.payment.where("card", w.more_than(1000))}});
  p.body.within = 10s;
  engine e{{p}, {}, w.types, w.names};
  for (int second = 0; second < 200; ++second) {
    const stream::duration now = std::chrono::seconds{second};
    w.append({w.event("C" + std::to_string(second), now, 5)}, now);
    e.advance(w.log);
    REQUIRE(e.live_subjects() <= 22);  // two lengths of the window at most
  }
  REQUIRE(e.retention() == 10s);
}

TEST_CASE("what only counts keeps no handle, so the log may forget") {
  world w;
  pattern p = w.of_card();
  p.body.parts = testing::parts_of({step{"", w.payment.where("card")}});
  p.aggregates = {{.function = aggregate_function::count,
                   .events = w.payment.where("card"),
                   .field = {},
                   .window = {time_extent{1h}, false},
                   .type = {.kind = value_kind::exact}}};
  engine e{{p}, {}, w.types, w.names};
  REQUIRE(e.retention() == 0s);
}

}  // namespace weir::cep
