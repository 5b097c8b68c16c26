#include "stream/time.hpp"

#include <catch2/catch.hpp>

using namespace weir::stream;
using namespace std::chrono_literals;

TEST_CASE("RFC 3339 times are read with their offset and fraction") {
  const auto noon = parse_rfc3339("2024-05-01T12:00:00Z");
  REQUIRE(noon.has_value());
  CHECK(noon->time_since_epoch() == 1714564800s);
  CHECK(parse_rfc3339("2024-05-01T14:00:00+02:00") == noon);
  CHECK(parse_rfc3339("2024-05-01t12:00:00z") == noon);
  CHECK(parse_rfc3339("2024-05-01 12:00:00Z") == noon);
  CHECK(parse_rfc3339("2024-05-01T12:00:00.25Z") == *noon + 250ms);
  CHECK(parse_rfc3339("2024-05-01T12:00:00.1234567Z") == *noon + 123456us);
  CHECK(parse_rfc3339("1969-12-31T23:59:59Z")->time_since_epoch() == -1s);
}

TEST_CASE("what is no RFC 3339 time is refused") {
  for (const char* text : {"", "2024-05-01", "2024-05-01T12:00:00", "2024-13-01T12:00:00Z", "2023-02-29T12:00:00Z",
                           "2024-05-01T24:00:00Z", "2024-05-01T12:60:00Z", "2024-05-01T12:00:00.Z",
                           "2024-05-01T12:00:00Zx", "2024-5-1T12:00:00Z", "2024-05-01T12:00:00+2:00"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_rfc3339(text).has_value());
  }
}

TEST_CASE("times are spelled with as many digits as they need, and read back") {
  for (const char* text : {"2024-05-01T12:00:00Z", "2024-05-01T12:00:00.250Z", "1969-12-31T23:59:59.000001Z",
                           "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"}) {
    CHECK(to_rfc3339(*parse_rfc3339(text)) == text);
  }
}

TEST_CASE("durations are read and spelled") {
  CHECK(parse_duration("250ms") == duration{250ms});
  CHECK(parse_duration("1h30m") == duration{90min});
  CHECK(parse_duration("7d") == duration{168h});
  CHECK(parse_duration("3us") == duration{3us});
  CHECK(to_text(duration{90s}) == "1m30s");
  CHECK(to_text(duration::zero()) == "0s");
  CHECK(to_text(duration{-5s}) == "-5s");
  CHECK(parse_duration(to_text(duration::max())) == duration::max());
  for (const char* text : {"", "5", "m", "5x", "-5s", "5 s", "1.5s", "99999999999999999999d", "9223372036854775807d"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_duration(text).has_value());
  }
}

TEST_CASE("adding to a time stops at the ends of time") {
  const timestamp now{1s};
  CHECK(saturating_add(now, 5s) == timestamp{6s});
  CHECK(saturating_add(end_of_time, 1us) == end_of_time);
  CHECK(saturating_add(start_of_time, -1us) == start_of_time);
}
