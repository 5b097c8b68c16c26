// Which events a window holds, and what functions make of them, by hand from docs/semantics.md.
#include "tests/support/naive_window.hpp"

#include <chrono>
#include <cmath>

#include <catch2/catch.hpp>

#include "tests/support/naive_calendar.hpp"
#include "tests/support/oracle_world.hpp"

using namespace std::chrono_literals;
using namespace weir;
using namespace weir::testing;
using cep::aggregate_function;
using cep::operation;
using calendar_unit = cep::calendar_extent::unit;

namespace {

/// How many payments a window holds at each of them.
std::vector<naive_value> counts(cep::window window, std::string_view letters_text, std::string_view counted_letters) {
  return values_of(counted(letters(counted_letters), std::move(window)), letter_stream(letters_text));
}

/// The function of the amounts up to the last of these payments, a second apart.
naive_value of_amounts(aggregate_function function, const std::vector<std::int64_t>& cents, double parameter = 0) {
  std::vector<plain_event> events;
  for (const std::int64_t amount : cents) events.push_back(pay(1s * events.size(), "C1", amount));
  cep::aggregate a = counted(payment.where("card"), {cep::time_extent{1h}, false});
  a.function = function;
  a.field = payment["amount"];
  a.type.kind = cep::value_kind::real;
  a.parameter = parameter;
  return values_of(a, in_one_source(std::move(events))).back();
}

stream::timestamp at(std::string_view text) { return *stream::parse_rfc3339(text); }

std::string start(std::string_view t, calendar_unit counted, std::string zone) {
  return stream::to_rfc3339(start_of_period(at(t), {counted, std::move(zone)}));
}

}  // namespace

TEST_CASE("the oracle's window that ended some time ago has its young end open") {
  const cep::window w{cep::past_extent{10s, 5s}, false};  // [t − 15 s, t − 5 s)
  CHECK(counts(w, "a@0 a@5 a@5.1 a@15 a@15.1 a@20.1", "a") == exact({0, 0, 1, 3, 2, 2}));
  CHECK(counts({cep::past_extent{10s, 0s}, false}, "a@0 a@0 a@10", "a") == exact({0, 0, 2}));
}

TEST_CASE("the oracle's session reaches back to the last gap that is longer") {
  const cep::window w{cep::session_extent{5s}, false};
  CHECK(counts(w, "a@0 a@5 a@9 a@14.1 a@15", "a") == exact({1, 2, 3, 1, 2}));
  // Only those that qualify make the row, and the last of them is at most D before t.
  CHECK(counts(w, "a@0 b@4 b@5 b@6 a@7", "a") == exact({1, 1, 1, 0, 1}));
  CHECK(counts({cep::session_extent{5s}, true}, "a@0 a@5 a@9", "a") == exact({0, 1, 2}));
}

TEST_CASE("the oracle's day begins at the local midnight") {
  CHECK(start("2024-05-01T10:00:00Z", calendar_unit::day, "UTC") == "2024-05-01T00:00:00Z");
  CHECK(start("2024-05-01T00:00:00Z", calendar_unit::day, "UTC") == "2024-05-01T00:00:00Z");
  CHECK(start("2024-05-01T22:30:00Z", calendar_unit::day, "Europe/Vienna") == "2024-05-01T22:00:00Z");
  CHECK(start("2024-05-01T21:30:00Z", calendar_unit::day, "Europe/Vienna") == "2024-04-30T22:00:00Z");
  // On the day the clocks go forward it began in winter time.
  CHECK(start("2024-03-31T12:00:00Z", calendar_unit::day, "Europe/Vienna") == "2024-03-30T23:00:00Z");
  CHECK(start("2024-10-27T12:00:00Z", calendar_unit::day, "Europe/Vienna") == "2024-10-26T22:00:00Z");
  CHECK(start("2024-05-01T02:00:00Z", calendar_unit::day, "Asia/Kolkata") == "2024-04-30T18:30:00Z");
}

TEST_CASE("the oracle's week begins on Monday, its month on the first") {
  CHECK(start("2024-05-05T23:59:59Z", calendar_unit::week, "UTC") == "2024-04-29T00:00:00Z");
  CHECK(start("2024-05-06T00:00:00Z", calendar_unit::week, "UTC") == "2024-05-06T00:00:00Z");
  CHECK(start("2024-05-31T10:00:00Z", calendar_unit::month, "UTC") == "2024-05-01T00:00:00Z");
  CHECK(start("2024-04-15T10:00:00Z", calendar_unit::month, "Europe/Vienna") == "2024-03-31T22:00:00Z");
  CHECK(start("2024-03-31T10:00:00Z", calendar_unit::month, "Europe/Vienna") == "2024-02-29T23:00:00Z");
}

TEST_CASE("the oracle's day without a midnight begins at its first moment, with two at the earlier") {
  // Beirut went from 24:00 to 1:00 on 2022-03-27, at 22:00 UTC.
  CHECK(start("2022-03-27T10:00:00Z", calendar_unit::day, "Asia/Beirut") == "2022-03-26T22:00:00Z");
  // Havana goes back from 1:00 to 0:00: midnight comes at 4:00 UTC, and again at 5:00 UTC.
  CHECK(start("2023-11-05T12:00:00Z", calendar_unit::day, "America/Havana") == "2023-11-05T04:00:00Z");
  CHECK(start("2023-11-05T05:30:00Z", calendar_unit::day, "America/Havana") == "2023-11-05T04:00:00Z");
  // St. John's went back from 0:01 to 23:01 on 2010-11-07, at 2:31 UTC: the day had begun at 2:30.
  CHECK(start("2010-11-07T02:30:30Z", calendar_unit::day, "America/St_Johns") == "2010-11-07T02:30:00Z");
  CHECK(start("2010-11-07T03:00:00Z", calendar_unit::day, "America/St_Johns") == "2010-11-07T02:30:00Z");
  // Apia had no 30th of December in 2011.
  CHECK(start("2011-12-30T10:30:00Z", calendar_unit::day, "Pacific/Apia") == "2011-12-30T10:00:00Z");
}

TEST_CASE("the oracle's calendar window holds what came since the local midnight, this event with it") {
  const cep::window day{cep::calendar_extent{calendar_unit::day, "UTC"}, false};
  CHECK(counts(day, "a@86399 a@86400 a@86401 a@86401", "a") == exact({1, 1, 2, 3}));
  const cep::window vienna{cep::calendar_extent{calendar_unit::day, "Europe/Vienna"}, false};  // 23:00 UTC in 1970
  CHECK(counts(vienna, "a@82799 a@82800 a@86400", "a") == exact({1, 1, 2}));
}

TEST_CASE("the oracle's deviation is that of a sample") {
  CHECK(of_amounts(aggregate_function::stddev, {100}) == naive_value());
  CHECK(of_amounts(aggregate_function::stddev, {100, 300}) == naive_value(std::sqrt(20'000.0)));
  CHECK(of_amounts(aggregate_function::stddev, {200, 400, 400, 400, 500, 500, 700, 900}) ==
        naive_value(std::sqrt(320'000.0 / 7)));
  CHECK(of_amounts(aggregate_function::stddev, {5, 5, 5}) == naive_value(0.0));
}

TEST_CASE("the oracle's percentile lies between two ranks in proportion") {
  CHECK(of_amounts(aggregate_function::percentile, {7}, 0.25) == naive_value(7.0));
  CHECK(of_amounts(aggregate_function::percentile, {40, 10, 20, 30}, 0.5) == naive_value(25.0));
  CHECK(of_amounts(aggregate_function::percentile, {40, 10, 20, 30}, 0) == naive_value(10.0));
  CHECK(of_amounts(aggregate_function::percentile, {40, 10, 20, 30}, 1) == naive_value(40.0));
  CHECK(of_amounts(aggregate_function::percentile, {40, 10, 20, 30}, 0.25) == naive_value(17.5));
  std::vector<std::int64_t> hundred_and_one;
  for (std::int64_t i = 0; i <= 100; ++i) hundred_and_one.push_back(i);
  CHECK(of_amounts(aggregate_function::percentile, hundred_and_one, 0.29) == naive_value(29.0));
}

TEST_CASE("the oracle's percentile of nothing is missing") {
  cep::aggregate a = counted(payment.where("card"), {cep::time_extent{1s}, true});
  a.function = aggregate_function::percentile;
  a.field = payment["amount"];
  CHECK(values_of(a, letter_stream("a")) == std::vector<naive_value>{{}});
}

TEST_CASE("the oracle's prev is the last event before, missing where that one lacks the field") {
  cep::aggregate a = counted(reading.where("card"), {cep::count_extent{1}, true});
  a.function = aggregate_function::previous;
  a.field = reading["level"];
  const auto at_payment = [&](const plain_value& before_last, const plain_value& last) {
    return values_of(a, in_one_source({measured(0s, before_last), measured(1s, last), pay(2s, "C1", 1)})).front();
  };
  CHECK(at_payment(1.5, 2.5) == naive_value(2.5));
  CHECK(at_payment(1.5, {}) == naive_value());
  CHECK(values_of(a, in_one_source({pay(2s, "C1", 1)})).front() == naive_value());
}
