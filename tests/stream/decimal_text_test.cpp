#include "stream/format/decimal_text.hpp"

#include <catch2/catch.hpp>

#include <limits>
#include <string>

using namespace weir::stream;

namespace {

using problem = number_problem;

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();

}  // namespace

TEST_CASE("a number is scaled exactly") {
  CHECK(parse_scaled("12.50", 2) == 1250);
  CHECK(parse_scaled("12.5", 2) == 1250);
  CHECK(parse_scaled("0.07", 2) == 7);
  CHECK(parse_scaled("-3.07", 2) == -307);
  CHECK(parse_scaled("+3", 2) == 300);
  CHECK(parse_scaled(".5", 2) == 50);
  CHECK(parse_scaled("5.", 2) == 500);
  CHECK(parse_scaled("007", 0) == 7);
  CHECK(parse_scaled("0", 8) == 0);
  CHECK(parse_scaled("-0.000", 2) == 0);
  CHECK(parse_scaled("1000000", 0) == 1'000'000);
}

TEST_CASE("an exponent is taken when the number stays exact") {
  CHECK(parse_scaled("1e3", 0) == 1000);
  CHECK(parse_scaled("125E-1", 2) == 1250);
  CHECK(parse_scaled("1.25e+1", 2) == 1250);
  CHECK(parse_scaled("100000000000000000000e-19", 0) == 10);
  CHECK(parse_scaled("0e999999999999", 2) == 0);
  CHECK(parse_scaled("1e-3", 2).error() == problem::too_fine);
}

TEST_CASE("zeros at the end of a fraction are no digits") {
  CHECK(parse_scaled("3.070", 2) == 307);
  CHECK(parse_scaled("3.00000000000000000000000000000", 0) == 3);
}

TEST_CASE("a number finer than its type is refused, not rounded") {
  CHECK(parse_scaled("3.075", 2).error() == problem::too_fine);
  CHECK(parse_scaled("0.123456789", 8).error() == problem::too_fine);
  CHECK(parse_scaled("123456789012345678901234.5", 0).error() == problem::too_fine);
  CHECK(parse_scaled("1e-999999999999999", 2).error() == problem::too_fine);
}

TEST_CASE("the ends of 64 bits are reached and not passed") {
  CHECK(parse_scaled("9223372036854775807", 0) == most);
  CHECK(parse_scaled("-9223372036854775808", 0) == least);
  CHECK(parse_scaled("92233720368547758.07", 2) == most);
  CHECK(parse_scaled("9223372036854775808", 0).error() == problem::too_large);
  CHECK(parse_scaled("-9223372036854775809", 0).error() == problem::too_large);
  CHECK(parse_scaled("99999999999999999999", 0).error() == problem::too_large);
  CHECK(parse_scaled("1e19", 0).error() == problem::too_large);
  CHECK(parse_scaled("1e999999999999999999999", 0).error() == problem::too_large);
  CHECK(parse_scaled(std::string(100'000, '9'), 0).error() == problem::too_large);
}

TEST_CASE("what is no number is refused") {
  for (const char* text :
       {"", "-", "+", ".", "e5", "1e", "1e+", "1.2.3", "12,50", "0x10", "1 2", "--1", "NaN", "1e5x"}) {
    CAPTURE(text);
    CHECK(parse_scaled(text, 2).error() == problem::not_a_number);
    CHECK_FALSE(parse_multiple(text, duration{1}).has_value());
  }
}

TEST_CASE("a multiple of a unit is cut off at the microsecond") {
  constexpr duration ms = std::chrono::milliseconds{1};
  CHECK(parse_multiple("17", ms) == duration{17'000});
  CHECK(parse_multiple("1.5", ms) == duration{1'500});
  CHECK(parse_multiple("1.0009", ms) == duration{1'000});
  CHECK(parse_multiple("-2", ms) == duration{-2'000});
  CHECK(parse_multiple("149", std::chrono::hours{1}) == duration{149LL * 3'600'000'000});
  CHECK(parse_multiple("1e3", ms) == duration{1'000'000});
  CHECK(parse_multiple("1e-9", ms) == duration{0});
  CHECK(parse_multiple("0e99", ms) == duration{0});
}

TEST_CASE("a multiple that does not fit is refused") {
  CHECK_FALSE(parse_multiple("1e300", duration{1}).has_value());
  CHECK_FALSE(parse_multiple("9223372036854775808", duration{1}).has_value());
  CHECK_FALSE(parse_multiple("9223372036854775807", std::chrono::hours{1}).has_value());
}
