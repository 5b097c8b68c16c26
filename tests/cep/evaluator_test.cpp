#include "cep/evaluator.hpp"

#include <catch2/catch.hpp>

#include "tests/support/pattern_builder.hpp"

namespace weir::cep {

namespace {

using testing::arithmetic;
using testing::constant;
using testing::truth;

constexpr int128 most = ~(int128{1} << 127);

value_type exact(int digits) {
  value_type type{.kind = value_kind::exact};
  type.digits = static_cast<std::uint8_t>(digits);
  return type;
}

expression number(int128 n, int digits = 0) { return constant(constant_value{n}, exact(digits)); }
expression real(double d) { return constant(constant_value{d}, {.kind = value_kind::real}); }

struct world {
  stream::schema types{};
  stream::symbols names{types};
  references lookups{{}, names};
  std::uint64_t undefined = 0;

  value compute(const expression& e) {
    bindings from;
    from.undefined = &undefined;
    return evaluator{e, names, lookups}(from);
  }
  bool holds(const expression& e) { return compute(e).boolean; }
};

}  // namespace

TEST_CASE("exact numbers compare across digits without rounding") {
  world w;
  REQUIRE(w.holds(truth(operation::equal, number(9, 1), number(900, 3))));
  REQUIRE(w.holds(truth(operation::less, number(899, 3), number(9, 1))));
  REQUIRE(w.holds(truth(operation::greater, number(most, 0), number(most - 1, 0))));
}

TEST_CASE("a product of exact numbers is exact") {
  world w;
  // 0.9 * 3.07 = 2.763, which no double holds.
  const expression product = arithmetic(operation::multiply, exact(3), number(9, 1), number(307, 2));
  REQUIRE(w.compute(product).exact == 2763);
}

TEST_CASE("a sum takes the digits of its finer side") {
  world w;
  REQUIRE(w.compute(arithmetic(operation::add, exact(2), number(5, 1), number(25, 2))).exact == 75);
  REQUIRE(w.compute(arithmetic(operation::subtract, exact(2), number(5, 1), number(25, 2))).exact == 25);
}

TEST_CASE("overflow and division by zero are missing, and counted") {
  world w;
  REQUIRE_FALSE(w.compute(arithmetic(operation::multiply, exact(0), number(most), number(2))).present);
  REQUIRE_FALSE(w.compute(arithmetic(operation::add, exact(0), number(most), number(1))).present);
  REQUIRE_FALSE(w.compute(arithmetic(operation::divide, {.kind = value_kind::real}, number(1), number(0))).present);
  REQUIRE_FALSE(
      w.compute(arithmetic(operation::multiply, {.kind = value_kind::real}, real(1e300), real(1e300))).present);
  REQUIRE_FALSE(w.holds(truth(operation::less, number(most), number(1, 9))));
  REQUIRE(w.undefined == 5);
}

TEST_CASE("division gives a real") {
  world w;
  const expression half = arithmetic(operation::divide, {.kind = value_kind::real}, number(5), number(20, 1));
  REQUIRE(w.compute(half).real == 2.5);
}

TEST_CASE("a comparison with a missing value is false, its negation true") {
  world w;
  const expression nothing = arithmetic(operation::divide, {.kind = value_kind::real}, number(1), number(0));
  const expression compared = truth(operation::equal, nothing, nothing);
  REQUIRE_FALSE(w.holds(compared));
  REQUIRE(w.holds(truth(operation::logical_not, compared)));
  REQUIRE(w.holds(truth(operation::is_missing, nothing)));
}

TEST_CASE("a default takes the place of what is missing, in the digits of the result") {
  world w;
  expression e;
  e.op = operation::or_default;
  e.type = exact(2);
  e.args = {arithmetic(operation::add, exact(0), number(most), number(1)), number(15, 1)};
  REQUIRE(w.compute(e).exact == 150);
}

TEST_CASE("exact money and a real average meet in the currency's smallest part") {
  world w;
  const auto eur = *stream::find_currency("EUR");
  value_type average{.kind = value_kind::real, .unit = unit::money};
  average.currency = eur;
  const expression cents = constant(constant_value{100.0}, average);
  REQUIRE(w.holds(truth(operation::equal, testing::money(100, eur), cents)));
  value_type finer = testing::money(1, eur).type;
  finer.digits = 3;
  REQUIRE(w.holds(truth(operation::less, constant(constant_value{int128{999}}, finer), cents)));
}

TEST_CASE("texts are equal by their letters") {
  world w;
  REQUIRE(w.holds(truth(operation::equal, testing::text("m1"), testing::text("m1"))));
  REQUIRE(w.holds(truth(operation::not_equal, testing::text("m1"), testing::text("M1"))));
}

TEST_CASE("values are written as people write them") {
  REQUIRE(to_text(int128{-150}, 2) == "-1.50");
  REQUIRE(to_text(int128{5}, 3) == "0.005");
  REQUIRE(to_text(int128{0}, 0) == "0");
  REQUIRE(to_text(int128{1200}, 0) == "1200");
  REQUIRE(to_text(int128{0}, 2) == "0.00");
  REQUIRE(to_text(int128{-7}, 1) == "-0.7");
  REQUIRE(to_text(int128{10'000'000'000'000'000'000U} * 10'000'000'000, 0) == "100000000000000000000000000000");
  const int128 greatest = most;
  REQUIRE(to_text(greatest, 0) == "170141183460469231731687303715884105727");
  REQUIRE(to_text(-greatest - 1, 38) == "-1.70141183460469231731687303715884105728");
  REQUIRE(to_text(-greatest - 1, 40) == "-0.0170141183460469231731687303715884105728");
}

}  // namespace weir::cep
