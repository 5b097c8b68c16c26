#include "stream/watermark.hpp"

#include <catch2/catch.hpp>

using namespace weir::stream;

namespace {

timestamp at_second(int s) { return timestamp{std::chrono::seconds{s}}; }

}  // namespace

TEST_CASE("a source's watermark is its greatest time less its lateness") {
  source_clock clock(std::chrono::seconds{5});
  CHECK(clock.watermark() == start_of_time);
  clock.see(at_second(10));
  CHECK(clock.watermark() == at_second(5));
  clock.see(at_second(7));
  CHECK(clock.watermark() == at_second(5));
  CHECK(clock.greatest() == at_second(10));
}

TEST_CASE("an event at the watermark is in time, one before it is late") {
  source_clock clock(std::chrono::seconds{5});
  clock.see(at_second(10));
  CHECK_FALSE(clock.late_by(at_second(5)).has_value());
  CHECK(clock.late_by(at_second(2)) == duration{std::chrono::seconds{3}});
}

TEST_CASE("without a lateness nothing is ever late") {
  source_clock clock(std::nullopt);
  clock.see(at_second(10));
  CHECK(clock.watermark() == start_of_time);
  CHECK_FALSE(clock.late_by(at_second(-1000)).has_value());
}

TEST_CASE("a raised watermark stays until the source has caught up") {
  source_clock clock(duration::zero());
  clock.see(at_second(10));
  clock.raise(at_second(20));
  CHECK(clock.late_by(at_second(15)) == duration{std::chrono::seconds{5}});
  clock.see(at_second(20));
  CHECK(clock.watermark() == at_second(20));
  clock.see(at_second(21));
  CHECK(clock.watermark() == at_second(21));
  clock.raise(at_second(3));
  CHECK(clock.watermark() == at_second(21));
}

TEST_CASE("the greatest lateness does not overflow") {
  source_clock clock(duration::max());
  clock.see(at_second(-10));
  CHECK(clock.watermark() == start_of_time);
}
