// Memory over 24 hours of event time in which all subjects come and go, in small: bench_churn has the full size.

#include <catch2/catch.hpp>

#include "tests/bench/churn.hpp"

using namespace weir;

TEST_CASE("over a day of subjects that come and go, what is held behind the longest window stays the same", "[quick]") {
  const auto day = bench::run_churn({.step_ms = 100, .hours = 24});
  CHECK(day.alerts == day.expected);
  CHECK(day.expected[0] > 0);
  REQUIRE(day.hours.size() == 24);
  CHECK(day.hours.back().live_subjects > 0);
  CHECK(day.hours.back().log_bytes > 0);
  CHECK(bench::grown(day) == std::vector<std::string>{});
}

TEST_CASE("what grows over the hours is told", "[quick]") {
  bench::churn_outcome day;
  for (std::size_t hour = 0; hour < 24; ++hour) {
    day.hours.push_back({.live_subjects = 1'000 + hour, .log_bytes = 1 << 20, .resident_bytes = 50 << 20});
  }
  CHECK(bench::grown(day) == std::vector<std::string>{});
  for (std::size_t hour = 0; hour < 24; ++hour) {
    day.hours[hour].live_subjects = 1'000 + 10 * hour;
    day.hours[hour].log_bytes = (hour + 1) << 20;
  }
  CHECK(bench::grown(day) ==
        std::vector<std::string>{"live subjects: 1120, then 1230", "bytes of the log: 13631488, then 25165824"});
}
