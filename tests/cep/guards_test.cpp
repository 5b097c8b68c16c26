#include "cep/guards.hpp"

#include <catch2/catch.hpp>

#include "tests/support/event_builder.hpp"
#include "tests/support/pattern_builder.hpp"

namespace weir::cep {

namespace {

using namespace std::chrono_literals;
using testing::constant;
using testing::truth;

stream::schema payments_and_logins() {
  stream::schema types;
  types.add(
      {"payment",
       {{"merchant", {.kind = stream::type_kind::text}, true, true}, {"level", {.kind = stream::type_kind::integer}}}});
  types.add({"login", {{"level", {.kind = stream::type_kind::integer}}}});
  return types;
}

struct world {
  stream::schema types = payments_and_logins();
  stream::symbols names{types};
  references lookups{{}, names};
  testing::fields payment{types, "payment"};

  stream::batch rows(std::size_t count, bool with_logins) {
    std::vector<testing::plain_event> events;
    for (std::size_t i = 0; i < count; ++i) {
      const auto level = static_cast<std::int64_t>(i % 11);
      if (with_logins && i % 4 == 0) {
        events.push_back(testing::make_event(types, "login", 1s, {{"level", level}}));
        continue;
      }
      testing::named_values values{{"level", level}};
      if (i % 5 != 0) values.push_back({"merchant", "m" + std::to_string(i % 70)});
      events.push_back(testing::make_event(types, "payment", 1s, values));
    }
    return testing::make_batch(testing::in_one_source(std::move(events)), stream::timestamp{2s}, types, names);
  }

  expression at_merchant(int number) const {
    const auto field = payment.here("merchant");
    return truth(operation::equal, field, constant(constant_value{"m" + std::to_string(number)}, field.type));
  }
};

/// Requires of every guard that it holds for the events for which its condition does.
void require_right(const guards& shared, const world& w, const stream::batch& rows,
                   const std::vector<std::pair<guard_id, expression>>& added, stream::symbols& names) {
  for (const auto& [id, condition] : added) {
    const evaluator holds(condition, names, w.lookups);
    for (std::size_t place = 0; place < rows.size(); ++place) {
      const auto at = rows.order()[place];
      const bool expected = at.type == w.payment.type() && holds.holds({.event = {at.type, &rows[at.type], at.row}});
      REQUIRE(shared.holds(id, place) == expected);
    }
  }
}

}  // namespace

TEST_CASE("many ranges of one number are found by value, and hold for the same events") {
  for (const int width : {0, 1, 3, 20}) {  // wide ones overlap too much for an index
    for (const int ranges : {3, 16, 100}) {
      world w;
      guards shared{w.names, w.lookups};
      std::vector<std::pair<guard_id, expression>> added;
      const auto add = [&](expression condition) {
        added.emplace_back(shared.add(w.payment.type(), condition), std::move(condition));
      };
      const auto between = [&](int least, int greatest) {
        const auto level = w.payment.here("level");
        const bool open = least % 2 == 0;
        return both(
            truth(open ? operation::greater : operation::greater_equal, level, constant(open ? least - 1 : least)),
            truth(open ? operation::less : operation::less_equal, level, constant(open ? greatest + 1 : greatest)));
      };
      for (int i = 0; i < ranges; ++i) {
        add(between(i - 20, i - 20 + width));
        add(both(between(i - 20, i - 20 + width), w.at_merchant(3)));  // another scan is left
        add(between(i, i - 1 - i % 3));                                // none is in it
        add(truth(operation::equal, w.payment.here("level"), constant(i)));
        add(truth(operation::less, w.payment.here("level"), constant(i)));  // open to one side
      }
      for (const auto& [count, with_logins] :
           {std::pair{0, false}, {1, false}, {200, false}, {200, true}, {64, true}}) {
        const stream::batch rows = w.rows(static_cast<std::size_t>(count), with_logins);
        shared.evaluate(rows);
        require_right(shared, w, rows, added, w.names);
      }
      add(between(2, 7));  // what comes later joins the index that there is
      const stream::batch rows = w.rows(300, false);
      shared.evaluate(rows);
      require_right(shared, w, rows, added, w.names);
    }
  }
}

TEST_CASE("many constants of one field are found by value, and hold for the same events") {
  for (const int constants : {3, 15, 16, 100}) {
    world w;
    guards shared{w.names, w.lookups};
    std::vector<std::pair<guard_id, expression>> added;
    const auto add = [&](expression condition) {
      added.emplace_back(shared.add(w.payment.type(), condition), std::move(condition));
    };
    for (int i = 0; i < constants; ++i) {
      add(w.at_merchant(i));
      const auto low = truth(operation::less, w.payment.here("level"), constant(i % 12));
      add(both(w.at_merchant(i), low));  // another scan is left
    }
    for (const auto& [count, with_logins] : {std::pair{0, false}, {1, false}, {200, false}, {200, true}, {64, true}}) {
      const stream::batch rows = w.rows(static_cast<std::size_t>(count), with_logins);
      shared.evaluate(rows);
      for (const auto& [id, condition] : added) {
        const evaluator holds(condition, w.names, w.lookups);
        for (std::size_t place = 0; place < rows.size(); ++place) {
          const auto at = rows.order()[place];
          const bool expected =
              at.type == w.payment.type() && holds.holds({.event = {at.type, &rows[at.type], at.row}});
          REQUIRE(shared.holds(id, place) == expected);
        }
      }
    }
    // What comes later joins the index that there is.
    add(w.at_merchant(constants));
    const stream::batch rows = w.rows(300, false);
    shared.evaluate(rows);
    const evaluator holds(added.back().second, w.names, w.lookups);
    for (std::size_t place = 0; place < rows.size(); ++place) {
      const auto at = rows.order()[place];
      REQUIRE(shared.holds(added.back().first, place) == holds.holds({.event = {at.type, &rows[at.type], at.row}}));
    }
  }
}

}  // namespace weir::cep
