#include "cep/calendar.hpp"

#include <catch2/catch.hpp>

namespace weir::cep {

namespace {

using counted_unit = calendar_extent::unit;

stream::timestamp at(std::string_view text) { return stream::parse_rfc3339(text).value(); }

// "from .. to", in UTC.
std::string period(counted_unit counted, const std::string& zone, std::string_view moment) {
  const auto found = calendar({counted, zone}).at(at(moment));
  return stream::to_rfc3339(found.begin) + " .. " + stream::to_rfc3339(found.end);
}

}  // namespace

TEST_CASE("days, weeks and months begin at local midnight") {
  CHECK(period(counted_unit::day, "UTC", "2024-05-01T00:00:00Z") == "2024-05-01T00:00:00Z .. 2024-05-02T00:00:00Z");
  CHECK(period(counted_unit::day, "Europe/Paris", "2024-05-01T21:59:59Z") ==
        "2024-04-30T22:00:00Z .. 2024-05-01T22:00:00Z");
  CHECK(period(counted_unit::week, "UTC", "2024-05-05T23:59:59Z") == "2024-04-29T00:00:00Z .. 2024-05-06T00:00:00Z");
  CHECK(period(counted_unit::month, "UTC", "2024-02-29T12:00:00Z") == "2024-02-01T00:00:00Z .. 2024-03-01T00:00:00Z");
  CHECK(period(counted_unit::month, "America/New_York", "2024-12-31T12:00:00Z") ==
        "2024-12-01T05:00:00Z .. 2025-01-01T05:00:00Z");
}

TEST_CASE("a day is 23 or 25 hours long where clocks change") {
  CHECK(period(counted_unit::day, "Europe/Paris", "2024-03-31T12:00:00Z") ==
        "2024-03-30T23:00:00Z .. 2024-03-31T22:00:00Z");
  CHECK(period(counted_unit::day, "Europe/Paris", "2024-10-27T12:00:00Z") ==
        "2024-10-26T22:00:00Z .. 2024-10-27T23:00:00Z");
}

TEST_CASE("a day without a midnight begins at its first moment, one with two at the earlier") {
  // In São Paulo clocks went from 24:00 to 1:00.
  CHECK(period(counted_unit::day, "America/Sao_Paulo", "2017-10-15T12:00:00Z") ==
        "2017-10-15T03:00:00Z .. 2017-10-16T02:00:00Z");
  // In St. John's they went from 0:01 back to 23:01.
  CHECK(period(counted_unit::day, "America/St_Johns", "2010-11-07T12:00:00Z") ==
        "2010-11-07T02:30:00Z .. 2010-11-08T03:30:00Z");
  CHECK(period(counted_unit::day, "America/St_Johns", "2010-11-07T03:00:00Z") ==
        "2010-11-07T02:30:00Z .. 2010-11-08T03:30:00Z");
}

TEST_CASE("a date that was left out has no moment") {
  CHECK(period(counted_unit::day, "Pacific/Apia", "2011-12-30T09:59:59Z") ==
        "2011-12-29T10:00:00Z .. 2011-12-30T10:00:00Z");
  CHECK(period(counted_unit::day, "Pacific/Apia", "2011-12-30T10:00:00Z") ==
        "2011-12-30T10:00:00Z .. 2011-12-31T10:00:00Z");
}

TEST_CASE("the ends of time are in some period") {
  const calendar days({counted_unit::month, "Europe/Paris"});
  CHECK(days.at(stream::start_of_time).begin == stream::start_of_time);
  CHECK(days.at(stream::end_of_time).begin <= stream::end_of_time);
}

TEST_CASE("periods follow each other without a gap, and every moment is in its own") {
  for (const auto* zone : {"Europe/Paris", "America/St_Johns", "Pacific/Apia", "Asia/Kathmandu", "America/Sao_Paulo"}) {
    for (const auto counted : {counted_unit::day, counted_unit::week, counted_unit::month}) {
      const calendar c({counted, zone});
      auto p = c.at(at("2009-01-01T00:00:00Z"));
      while (p.begin < at("2012-03-01T00:00:00Z")) {
        REQUIRE(p.begin < p.end);
        REQUIRE(c.at(p.begin).begin == p.begin);
        REQUIRE(c.at(p.end - stream::duration{1}).begin == p.begin);
        p = c.at(p.end);
      }
    }
  }
}

TEST_CASE("zones are those of the machine's database") {
  CHECK(is_time_zone("UTC"));
  CHECK(is_time_zone("America/Argentina/Buenos_Aires"));
  CHECK_FALSE(is_time_zone("Europe/Pariss"));
  CHECK_FALSE(is_time_zone(""));
  CHECK_FALSE(is_time_zone("../../etc/passwd"));
  CHECK(time_zones().size() > 100);
}

}  // namespace weir::cep
