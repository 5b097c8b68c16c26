#include "stream/currency.hpp"

#include <catch2/catch.hpp>

using namespace weir::stream;

TEST_CASE("currencies are known by their code, with their digits") {
  const auto digits = [](std::string_view code) { return minor_digits(find_currency(code).value()); };
  CHECK(digits("EUR") == 2);
  CHECK(digits("USD") == 2);
  CHECK(digits("JPY") == 0);
  CHECK(digits("KWD") == 3);
  CHECK(digits("TND") == 3);
  CHECK(code_of(find_currency("CHF").value()) == "CHF");
}

TEST_CASE("what is no active code is no currency") {
  for (const char* code : {"", "EU", "eur", "EURO", "DEM", "ZZZ", "123"}) {
    CAPTURE(code);
    CHECK_FALSE(find_currency(code).has_value());
  }
}
