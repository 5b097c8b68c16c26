#include "stream/dstream/pid_rate_estimator.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace weir::stream;
using namespace std::chrono_literals;

namespace {

timestamp at(duration since) { return timestamp{since}; }

/// With no integral part and a least rate of ten rows a second: it follows what was processed.
pid_rate_estimator proportional_only() {
  return pid_rate_estimator{{.batch_interval = 20ms, .integral = 0, .rate_min = 10}};
}

/// A batch every 20 ms that was worked on for all of it.
std::optional<double> batch(pid_rate_estimator& rates, int number, std::uint64_t rows, duration waited) {
  return rates.compute(at(number * 20ms), rows, 20ms, waited);
}

}  // namespace

TEST_CASE("the first batch gives no bound, and the second the rate at which it was processed") {
  pid_rate_estimator rates = proportional_only();
  CHECK_FALSE(rates.compute(at(0ms), 10, 10ms, 0ms));
  CHECK(rates.compute(at(10ms), 10, 10ms, 0ms) == Approx(1000));
}

TEST_CASE("a first batch before 1970 counts like any other") {
  pid_rate_estimator rates = proportional_only();
  CHECK_FALSE(rates.compute(at(-20ms), 10, 10ms, 0ms));
  CHECK(rates.compute(at(-10ms), 20, 10ms, 0ms) == Approx(2000));
}

TEST_CASE("a batch that was done no later than the one before gives no bound") {
  pid_rate_estimator rates = proportional_only();
  rates.compute(at(0ms), 10, 10ms, 0ms);
  CHECK(rates.compute(at(10ms), 10, 10ms, 0ms));
  CHECK_FALSE(rates.compute(at(10ms), 10, 10ms, 0ms));
  CHECK_FALSE(rates.compute(at(9ms), 10, 10ms, 0ms));
}

TEST_CASE("a batch with no rows or no work gives no bound and is forgotten") {
  pid_rate_estimator rates = proportional_only();
  CHECK_FALSE(rates.compute(at(-10ms), 0, 10ms, 0ms));
  CHECK_FALSE(rates.compute(at(0ms), 10, 10ms, 0ms));  // still the first
  CHECK_FALSE(rates.compute(at(10ms), 0, 10ms, 0ms));
  CHECK_FALSE(rates.compute(at(20ms), 10, 0ms, 0ms));
  CHECK_FALSE(rates.compute(at(30ms), 10, -10ms, 0ms));
  CHECK(rates.compute(at(5ms), 10, 10ms, 0ms) == Approx(1000));
}

TEST_CASE("the bound is never less than the least rate") {
  pid_rate_estimator rates{{.batch_interval = 20ms, .integral = 1, .rate_min = 5}};
  CHECK_FALSE(batch(rates, 0, 1, 100ms));
  for (int i = 1; i < 50; ++i) CHECK(batch(rates, i, 1, 100ms) == 5.0);
}

TEST_CASE("with nothing waiting the bound follows the processing up and down") {
  for (const bool rising : {true, false}) {
    pid_rate_estimator rates{{.batch_interval = 20ms, .integral = 1, .rate_min = 10}};
    for (int i = 0; i < 50; ++i) {
      const int thousands = rising ? i + 1 : 50 - i;
      const auto bound = batch(rates, i, static_cast<std::uint64_t>(thousands) * 20, 0ms);
      CHECK(bound.has_value() == (i > 0));
      if (bound) CHECK(*bound == Approx(thousands * 1000.0));
    }
  }
}

TEST_CASE("while batches wait the bound stays below the processing") {
  std::mt19937 random(20);
  pid_rate_estimator rates{{.batch_interval = 20ms, .integral = 0.01, .rate_min = 10}};
  batch(rates, 0, 500, 0ms);
  for (int i = 1; i < 200; ++i) {
    const std::uint64_t rows = 1 + random() % 1000;
    const duration waited = std::chrono::milliseconds{1 + random() % 18};
    const auto bound = batch(rates, i, rows, waited);
    REQUIRE(bound.has_value());
    CHECK(*bound < static_cast<double>(rows) * 50);
  }
}

TEST_CASE("each term has its weight") {
  // 1000 rows a second, then 500 for two seconds, in a batch that had waited half its interval.
  const auto second = [](pid_options options) {
    options.batch_interval = 1s;
    pid_rate_estimator rates{options};
    rates.compute(at(0s), 1000, 1s, 0s);
    return rates.compute(at(2s), 1000, 2s, 500ms);
  };
  CHECK(second({}) == Approx(1000 - 500 - 0.2 * 250));
  CHECK(second({.proportional = 0.5, .integral = 0}) == Approx(1000 - 250));
  CHECK(second({.proportional = 0, .integral = 1}) == Approx(1000 - 250));
  CHECK(second({.proportional = 0, .integral = 0, .derivative = 1}) == Approx(1000 - 500 / 2.0));
}

TEST_CASE("the derivative is of the error of the batch before") {
  pid_rate_estimator rates{{.batch_interval = 1s, .proportional = 0, .integral = 0, .derivative = 1}};
  rates.compute(at(0s), 1000, 1s, 0s);
  CHECK(rates.compute(at(1s), 800, 1s, 0s) == Approx(800));        // error 200, from 0
  CHECK(rates.compute(at(2s), 500, 1s, 0s) == Approx(800 - 100));  // error 300, from 200
}
