#include <catch2/catch.hpp>

#include "cep/engine.hpp"
#include "tests/support/event_builder.hpp"
#include "tests/support/pattern_builder.hpp"

namespace weir::cep {

namespace {

using namespace std::chrono_literals;
using kept = std::vector<std::optional<std::uint32_t>>;

stream::schema payments() {
  stream::schema types;
  const auto card = types.add_entity("card");
  types.add({"payment",
             {{"card", {.kind = stream::type_kind::entity, .entity = card}},
              {"amount", {.kind = stream::type_kind::integer}}}});
  return types;
}

/// An engine over payments by card, a payment a batch.
struct world {
  stream::schema types = payments();
  stream::symbols names{types};
  testing::fields payment{types, "payment"};
  stream::event_log log{};
  std::uint64_t position = 0;

  pattern of_card() const {
    pattern p;
    p.subjects = {{.kind = stream::type_kind::entity, .entity = *types.find_entity("card")}};
    return p;
  }
  expression more_than(std::int64_t amount) const {
    return testing::truth(operation::greater, payment.here("amount"), testing::constant(amount));
  }
  /// A payment of more than `amount`, when `count` of these have come within 1m.
  pattern many(std::int64_t amount, std::int64_t count) const {
    pattern p = of_card();
    p.body.parts = testing::parts_of({step{"", payment.where("card", more_than(amount))}});
    p.aggregates = {{.function = aggregate_function::count,
                     .events = payment.where("card", more_than(amount)),
                     .field = {},
                     .window = {time_extent{1min}, false},
                     .type = {.kind = value_kind::exact}}};
    p.condition = testing::truth(operation::greater_equal, testing::aggregate_value(p, 0), testing::constant(count));
    return p;
  }
  /// A payment of more than `amount`, and none more of these within 30s.
  pattern quiet(std::int64_t amount) const {
    pattern p = of_card();
    p.body.parts = testing::parts_of({step{"big", payment.where("card", more_than(amount))},
                                      absence{payment.where("card", more_than(amount)), 30s}});
    return p;
  }

  /// The numbers of the patterns whose matches end at the payment, or before it at a deadline.
  std::vector<std::uint32_t> pay(engine& e, stream::duration when, std::int64_t amount) {
    auto event = testing::make_event(types, "payment", when, {{"card", "C1"}, {"amount", amount}});
    event.from.position = position++;
    log.append(testing::make_batch(std::vector{event}, stream::timestamp{when}, types, names));
    std::vector<std::uint32_t> found;
    for (const match& m : e.advance(log)) found.push_back(m.pattern);
    log.drop_before(stream::saturating_add(log.last().watermark(), -e.retention()));
    return found;
  }
};

using numbers = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("a pattern that stays keeps its state and its counters under a new number, a new one begins with nothing") {
  world w;
  engine e{{w.many(10, 2), w.many(100, 2)}, {}, w.types, w.names};
  CHECK(w.pay(e, 1s, 500).empty());
  CHECK(w.pay(e, 2s, 500) == numbers{0, 1});
  e.replace({w.many(50, 2), w.many(100, 2)}, kept{{}, 1}, {}, w.types);
  CHECK(w.pay(e, 3s, 500) == numbers{1});  // the first has seen one
  CHECK(w.pay(e, 4s, 60) == numbers{0});
  CHECK(e.counters()[0].matches == 1);
  CHECK(e.counters()[1].matches == 2);
  e.replace({w.many(100, 2), w.many(50, 2)}, kept{1, 0}, {}, w.types);
  CHECK(w.pay(e, 5s, 500) == numbers{0, 1});
  CHECK(e.counters()[0].matches == 3);
}

TEST_CASE("an absence goes on being waited for across a replacement, and one that is gone is not raised") {
  world w;
  engine e{{w.quiet(10), w.quiet(100)}, {}, w.types, w.names};
  w.pay(e, 0s, 500);
  e.replace({w.quiet(10)}, kept{0}, {}, w.types);
  CHECK(w.pay(e, 40s, 5) == numbers{0});
  CHECK(e.retention() == 30s);
}

TEST_CASE("what only a removed pattern kept is let go, and what others share with it stays") {
  world w;
  pattern longer = w.many(10, 3);
  std::get<time_extent>(longer.aggregates.front().window.extent).length = 1h;
  engine e{{w.many(10, 2), longer, w.quiet(10)}, {}, w.types, w.names};
  w.pay(e, 0s, 500);
  e.replace({w.many(10, 2)}, kept{0}, {}, w.types);
  CHECK(e.retention() == 0s);
  CHECK(w.pay(e, 30s, 500) == numbers{0});
  w.pay(e, 10min, 5);
  w.pay(e, 70min, 5);
  CHECK(e.live_subjects() == 0);
}

TEST_CASE("an engine may lose all of its patterns, and get others") {
  world w;
  engine e{{w.many(10, 1), w.quiet(10)}, {}, w.types, w.names};
  CHECK(w.pay(e, 0s, 500) == numbers{0});
  e.replace({}, kept{}, {}, w.types);
  CHECK(w.pay(e, 1s, 500).empty());
  CHECK(e.live_subjects() == 0);
  e.replace({w.many(10, 1)}, kept{{}}, {}, w.types);
  CHECK(w.pay(e, 2s, 500) == numbers{0});
}

}  // namespace weir::cep
