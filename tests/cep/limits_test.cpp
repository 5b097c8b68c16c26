#include <catch2/catch.hpp>

#include "cep/engine.hpp"
#include "cep/held_events.hpp"
#include "tests/support/event_builder.hpp"
#include "tests/support/pattern_builder.hpp"

namespace weir::cep {

namespace {

using namespace std::chrono_literals;
using enum limit_policy;

stream::timestamp at(stream::duration since_1970) { return stream::timestamp{since_1970}; }

candidate event(std::uint64_t number) {
  return {static_cast<stream::event_handle>(number), at(std::chrono::seconds{number})};
}

held_shape shape_of(std::vector<window> parts) {
  held_shape shape;
  for (const window& part : parts) shape.parts.push_back({.held = part});
  return shape;
}

using in = std::vector<std::uint32_t>;

stream::schema payments() {
  stream::schema types;
  const auto card = types.add_entity("card");
  types.add({"payment",
             {{"card", {.kind = stream::type_kind::entity, .entity = card}},
              {"amount", {.kind = stream::type_kind::integer}}}});
  return types;
}

/// Payments of ever new cards, a second apart, a batch each.
struct flood {
  stream::schema types = payments();
  stream::symbols names{types};
  testing::fields payment{types, "payment"};
  stream::event_log log{};
  std::uint64_t position = 0;
  std::size_t matches = 0;

  /// A payment, and within an hour one of more than ten, or none.
  pattern two(bool none) const {
    const auto more = testing::truth(operation::greater, payment.here("amount"), testing::constant(10));
    const auto second = payment.where("card", more);
    pattern p;
    p.subjects = {{.kind = stream::type_kind::entity, .entity = *types.find_entity("card")}};
    p.body.parts = none ? testing::parts_of({step{"", payment.where("card")}, absence{second, 1h}})
                        : testing::parts_of({step{"", payment.where("card")}, step{"", second}});
    p.body.within = 1h;
    return p;
  }

  void pay(engine& e, const std::string& card) {
    const stream::duration when = std::chrono::seconds{position};
    auto paid = testing::make_event(types, "payment", when, {{"card", card}, {"amount", 5}});
    paid.from.position = position++;
    log.append(testing::make_batch(std::vector{paid}, stream::timestamp{when}, types, names));
    matches += e.advance(log).size();
    log.drop_before(stream::saturating_add(log.last().watermark(), -e.retention()));
  }
  void run(engine& e, int cards) {
    for (int n = 0; n < cards; ++n) pay(e, "C" + std::to_string(n));
  }
};

}  // namespace

TEST_CASE("an event that several parts hold is one, and goes when the last of them lets go") {
  const held_shape shape = shape_of({{time_extent{10s}}, {time_extent{3s}}, {count_extent{2}}});
  held_events held(shape);
  held.add(shape, event(1), in{0, 1});
  held.add(shape, event(2), in{1, 2});
  CHECK(held.size() == 2);
  held.advance(shape, at(5s));
  CHECK(held.size() == 2);
  CHECK(held.oldest() == event(1).handle);
  held.advance(shape, at(6s));
  held.add(shape, event(6), in{1, 2});
  CHECK(held.size_with(shape, in{2}) == 3);     // 2 leaves the part that has two
  CHECK(held.size_with(shape, in{0, 1}) == 4);  // it does not
  held.add(shape, event(7), in{2});
  CHECK(held.size() == 3);
  held.advance(shape, at(12s));
  CHECK(held.size() == 2);
  CHECK(held.oldest() == event(6).handle);
  held.forget(event(6).handle);
  CHECK(held.size() == 1);
  held.forget(event(7).handle);
  CHECK(held.empty());
}

TEST_CASE("what is held among many that are not is found, and the memory of those is given back") {
  const held_shape shape = shape_of({{count_extent{1}}, {time_extent{2s}}});
  held_events held(shape);
  held.add(shape, event(1), in{0});
  for (std::uint64_t n = 2; n < 1000; ++n) {
    held.advance(shape, event(n).at);
    held.add(shape, event(n), in{1});
    REQUIRE(held.size() == std::min<std::uint64_t>(n, 4));
  }
  CHECK(held.oldest() == event(1).handle);
  held.forget(event(1).handle);
  CHECK(held.oldest() == event(997).handle);
  CHECK(held.until(shape) == at(1001s));
}

TEST_CASE("subjects that are forgotten or refused leave no state behind") {
  for (const limit_policy policy : {evict, refuse}) {
    for (const bool none : {false, true}) {
      flood w;
      pattern p = w.two(none);
      p.limits.subjects = state_limit{10, policy};
      engine e{{p}, {}, w.types, w.names};
      w.run(e, 1000);
      CHECK(e.live_subjects() == 10);
      const auto counted = e.counters().front();
      CHECK((policy == evict ? counted.subjects_forgotten : counted.subjects_refused) == 990);
      w.position = 20'000;
      w.pay(e, "D");
      CHECK(w.matches == (none ? 10u : 0u));  // the deadlines of those that were left
    }
  }
}

TEST_CASE("one pattern stops the engine, and the others' matches are those before it") {
  flood w;
  pattern stops = w.two(false);
  stops.limits.subjects = state_limit{3, stop};
  pattern each = w.two(false);
  each.body.parts = testing::parts_of({step{"", w.payment.where("card")}});
  engine e{{each, stops}, {}, w.types, w.names};
  w.run(e, 4);
  REQUIRE(e.stopped());
  CHECK(e.stopped()->pattern == 1);
  CHECK(e.stopped()->at == at(3s));
  CHECK(e.stopped()->of_subjects);
  CHECK(w.names.of(stops.subjects[0])[e.stopped()->subject[0]] == "C3");
  CHECK(w.matches == 3);
  CHECK(e.counters()[0].matches == 3);
}

}  // namespace weir::cep
