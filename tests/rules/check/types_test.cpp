#include "rules/check/types.hpp"

#include <catch2/catch.hpp>

#include "rules/check/literals.hpp"

namespace {

using namespace weir;
using namespace weir::rules;
using cep::int128;
using op = ast::binary_operator;

const cep::value_type number{.kind = cep::value_kind::exact, .digits = 2};
const cep::value_type real{.kind = cep::value_kind::real};
const cep::value_type euros{
    .kind = cep::value_kind::exact, .unit = cep::unit::money, .digits = 2, .currency = *stream::find_currency("EUR")};
const cep::value_type yen{
    .kind = cep::value_kind::exact, .unit = cep::unit::money, .currency = *stream::find_currency("JPY")};
const stream::schema no_names;

std::string why(op o, const cep::value_type& a, const cep::value_type& b) {
  const auto type = arithmetic_type(o, a, b, no_names);
  return type ? "" : type.error().message;
}

TEST_CASE("sums ask for one unit") {
  CHECK(why(op::add, euros, euros).empty());
  CHECK(why(op::add, number, real).empty());
  CHECK(why(op::add, euros, yen) == "money(JPY) can't be added to money(EUR)");
  CHECK(why(op::subtract, euros, number) == "a number can't be subtracted from money(EUR)");
  CHECK(why(op::add, duration_type, number) == "a number can't be added to a duration");
}

TEST_CASE("times and durations add up as they do on a clock") {
  CHECK(arithmetic_type(op::subtract, time_type, time_type, no_names) == duration_type);
  CHECK(arithmetic_type(op::add, time_type, duration_type, no_names) == time_type);
  CHECK(arithmetic_type(op::add, duration_type, time_type, no_names) == time_type);
  CHECK(arithmetic_type(op::subtract, time_type, duration_type, no_names) == time_type);
  CHECK(why(op::add, time_type, time_type) == "a time can't be added to a time");
  CHECK(why(op::subtract, duration_type, time_type) == "a time can't be subtracted from a duration");
  CHECK(why(op::multiply, time_type, number) == "a time can't be multiplied by a number");
}

TEST_CASE("a product has one unit at most") {
  CHECK(arithmetic_type(op::multiply, number, euros, no_names)->digits == 4);
  CHECK(arithmetic_type(op::multiply, real, euros, no_names)->unit == cep::unit::money);
  CHECK(why(op::multiply, euros, euros) == "money(EUR) can't be multiplied by money(EUR)");
  CHECK(why(op::multiply, euros, duration_type) == "money(EUR) can't be multiplied by a duration");
}

TEST_CASE("a quotient divides by its own unit or by a number") {
  CHECK(arithmetic_type(op::divide, euros, number, no_names)->unit == cep::unit::money);
  CHECK(arithmetic_type(op::divide, euros, euros, no_names) == real);
  CHECK(why(op::divide, euros, yen) == "money(EUR) can't be divided by money(JPY)");
  CHECK(why(op::divide, number, duration_type) == "a number can't be divided by a duration");
}

TEST_CASE("comparisons ask for one type") {
  CHECK(comparable(op::less, euros, euros, no_names).has_value());
  CHECK(comparable(op::less, number, real, no_names).has_value());
  CHECK(comparable(op::less, euros, number, no_names).error().message == "money(EUR) can't be compared with a number");
  CHECK(comparable(op::equal, boolean_type, boolean_type, no_names).has_value());
  CHECK(comparable(op::less, boolean_type, boolean_type, no_names).error().message == "conditions have no order");
}

TEST_CASE("what is too large to work out stays an operation") {
  const auto large = literal({.kind = cep::value_kind::exact}, *scaled(1, 30));
  cep::expression product;
  product.op = cep::operation::multiply;
  product.type = large.type;
  product.args = {large, large};
  CHECK(folded(product) == product);
  CHECK_FALSE(scaled(1, 40).has_value());
}

TEST_CASE("numbers longer than thirty digits are refused") {
  ast::number_literal written;
  written.digits = "1_" + std::string(29, '0');
  CHECK(number_value(written).has_value());
  written.digits += "0";
  CHECK(number_value(written).error().message == "a number has at most 30 digits");
  CHECK_FALSE(whole_number(written).has_value());
}

TEST_CASE("money takes the digits of its currency") {
  ast::number_literal written;
  written.digits = "5";
  written.currency = ast::identifier{{}, "KWD"};
  CHECK(std::get<int128>(number_value(written)->constant) == 5000);
  written.digits = "5.5";
  written.currency->name = "JPY";
  CHECK(number_value(written).error().message == "5.5 JPY has more digits after the point than JPY has (0)");
}

}  // namespace
