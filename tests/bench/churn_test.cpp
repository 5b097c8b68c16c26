// Memory over 24 hours of event time in which all subjects come and go, in small: bench_churn has the full size.

#include <catch2/catch.hpp>

#include "tests/bench/churn.hpp"

using namespace weir;

TEST_CASE("over a day of subjects that come and go, no hour holds more than the one before", "[quick]") {
  const auto day = bench::run_churn({.step_ms = 200, .hours = 24});
  CHECK(day.alerts == day.expected);
  CHECK(day.expected[0] > 0);
  REQUIRE(day.hours.size() == 24);
  const auto& settled = day.hours[bench::churn_settled_hour];
  REQUIRE(settled.live_subjects > 0);
  REQUIRE(settled.log_bytes > 0);
  for (std::size_t i = bench::churn_settled_hour + 1; i < day.hours.size(); ++i) {
    CAPTURE(i);
    CHECK(day.hours[i].live_subjects <= settled.live_subjects * 11 / 10);
    CHECK(day.hours[i].log_bytes <=
          settled.log_bytes * 2);  // whole batches go: at the end of an hour more or less is left
  }
}
