#include "stream/format/scalar.hpp"

#include <catch2/catch.hpp>

using namespace weir::stream;

TEST_CASE("JSON's numbers are told from what only looks like one") {
  for (const char* text : {"0", "-0", "17", "3.07", "1e5", "1E+5", "1.5e-7", "-12.0"}) {
    CAPTURE(text);
    CHECK(is_json_number(text));
  }
  for (const char* text : {"", "-", "01", "-01", "+1", ".5", "5.", "1e", "1e+", "0x1", "1 ", "1.e5", "NaN", "1-2"}) {
    CAPTURE(text);
    CHECK_FALSE(is_json_number(text));
  }
}

TEST_CASE("a message shows a long text cut, on one line, and never half a character") {
  CHECK(clipped("short") == "short");
  CHECK(clipped("two\nlines\t") == "two lines ");
  CHECK(clipped(std::string(50, 'x')) == std::string(40, 'x') + "…");
  CHECK(clipped(std::string(39, 'x') + "éé") == std::string(39, 'x') + "…");
}

TEST_CASE("an event time is RFC 3339, or a number of units since 1970") {
  const auto at = [](std::string_view text, scalar_kind kind = scalar_kind::untyped, duration unit = duration{1'000}) {
    return read_time({kind, text}, unit);
  };
  CHECK(at("17") == timestamp{duration{17'000}});
  CHECK(at("17", scalar_kind::number, std::chrono::hours{1}) == timestamp{std::chrono::hours{17}});
  CHECK(at("17", scalar_kind::text) == timestamp{duration{17'000}});
  CHECK(at("1970-01-01T00:00:01Z") == timestamp{duration{1'000'000}});
  CHECK(at("yesterday").error() == R"("yesterday" is not a time)");
  CHECK(at("true", scalar_kind::boolean).error() == "true is not a time");
  CHECK(at("", scalar_kind::list).error() == "a list is not a time");
}

TEST_CASE("an event time has a year of four digits") {
  const auto ms = [](std::string_view text) { return read_time({scalar_kind::number, text}, duration{1'000}); };
  CHECK(to_rfc3339(*ms("253402300799999")) == "9999-12-31T23:59:59.999Z");
  CHECK(ms("253402300800000").error() == "253402300800000 is not a time in the years 1 to 9999");
  CHECK(to_rfc3339(*ms("-62135596800000")) == "0001-01-01T00:00:00Z");
  CHECK_FALSE(ms("-62135596800001").has_value());
  CHECK(ms("1e300").error() == "1e300 is not a time");
}
