#include "cep/column_scan.hpp"

#include <catch2/catch.hpp>

#include "tests/support/event_builder.hpp"
#include "tests/support/pattern_builder.hpp"

namespace weir::cep {

namespace {

using namespace std::chrono_literals;
using testing::constant;
using testing::truth;

stream::schema readings() {
  stream::schema types;
  const auto card = types.add_entity("card");
  types.add({"reading",
             {{"card", {.kind = stream::type_kind::entity, .entity = card}},
              {"level", {.kind = stream::type_kind::integer}, true},
              {"ok", {.kind = stream::type_kind::boolean}}}});
  return types;
}

struct world {
  stream::schema types = readings();
  stream::symbols names{types};
  references lookups{{}, names};
  testing::fields reading{types, "reading"};

  stream::batch rows(std::size_t count) {
    std::vector<testing::plain_event> events;
    for (std::size_t i = 0; i < count; ++i) {
      const auto level = static_cast<std::int64_t>(i % 7) - 3;
      testing::named_values values{{"card", std::string(i % 3 == 0 ? "A" : "B")}, {"ok", i % 2 == 0}};
      if (i % 5 != 0) values.push_back({"level", level});
      events.push_back(testing::make_event(types, "reading", 1s, values));
    }
    return testing::make_batch(testing::in_one_source(std::move(events)), stream::timestamp{2s}, types, names);
  }
};

}  // namespace

TEST_CASE("a scanned condition holds for the rows for which the evaluator says so") {
  world w;
  using enum operation;
  std::vector<expression> conditions;
  for (const operation op : {equal, not_equal, less, less_equal, greater, greater_equal}) {
    conditions.push_back(truth(op, w.reading.here("level"), constant(1)));
    conditions.push_back(truth(op, constant(-1), w.reading.here("level")));
  }
  const auto card = w.reading.here("card");
  conditions.push_back(truth(equal, card, constant(constant_value{std::string("A")}, card.type)));
  conditions.push_back(truth(not_equal, card, constant(constant_value{std::string("A")}, card.type)));
  conditions.push_back(truth(equal, w.reading.here("ok"), constant(constant_value{true}, {})));
  for (const std::size_t count : {1, 63, 64, 65, 200}) {
    const stream::batch rows = w.rows(count);
    const stream::table& table = rows[w.reading.type()];
    for (const expression& condition : conditions) {
      const auto scan = column_scan::make(condition, w.names);
      REQUIRE(scan.has_value());
      std::vector<std::uint64_t> bits((count + 63) / 64, ~std::uint64_t{0});
      scan->narrow(table, bits);
      const evaluator slow(condition, w.names, w.lookups);
      for (std::uint32_t row = 0; row < count; ++row) {
        const bool holds = slow.holds({.event = {w.reading.type(), &table, row}});
        REQUIRE(((bits[row / 64] >> (row % 64)) & 1) == holds);
      }
    }
  }
}

TEST_CASE("conditions of another form are left to the evaluator") {
  world w;
  const auto level = w.reading.here("level");
  CHECK_FALSE(column_scan::make(truth(operation::greater, level, level), w.names));
  CHECK_FALSE(column_scan::make(truth(operation::is_missing, level), w.names));
  value_type finer{.kind = value_kind::exact};
  finer.digits = 1;
  CHECK_FALSE(column_scan::make(truth(operation::greater, level, constant(constant_value{int128{5}}, finer)), w.names));
}

}  // namespace weir::cep
