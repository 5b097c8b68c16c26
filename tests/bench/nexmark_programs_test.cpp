// Nexmark's queries as programs give what brute force over all events gives, row by row, for events by chance, however
// they are cut into batches, with one thread and with two, in order and out of order.
#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "tests/bench/nexmark/answers.hpp"
#include "tests/bench/nexmark/generator.hpp"
#include "tests/bench/nexmark/programs.hpp"
#include "tests/support/dstream_run.hpp"

namespace weir::bench::nexmark {

namespace {

using testing::cut_rows;
using testing::run_shape;

struct drawn_events {
  std::vector<event> events;
  stream::duration lateness{};  // what events are in time with, or less
};

/// Few prices, so that many bids are of one.
void round_prices(std::vector<event>& events) {
  const auto round = [](std::int64_t& price) { price = price < 100'000 ? 1'000 : 1'000'000; };
  for (event& e : events) {
    if (auto* a = std::get_if<auction>(&e)) round(a->reserve);
    if (auto* b = std::get_if<bid>(&e)) round(b->price);
  }
}

/// From a tenth of a second of event time to some minutes.
drawn_events draw_events() {
  const auto rate = *rc::gen::elementOf(std::vector<std::uint64_t>{20, 100, 1'000, 10'000});
  const auto group = *rc::gen::elementOf(std::vector<std::uint64_t>{1, 1, 10, 200});
  const generator_options options{
      .seed = *rc::gen::arbitrary<std::uint64_t>(), .events_per_second = rate, .out_of_order_group = group};
  auto events = make_events(*rc::gen::inRange<std::uint64_t>(0, 3'000), options);
  if (*rc::gen::arbitrary<bool>()) round_prices(events);
  return {std::move(events), generator(options).disorder() / *rc::gen::inRange(1, 4)};
}

cut_rows<event> draw_cut(const std::vector<event>& events) {
  std::vector<std::size_t> ends(*rc::gen::inRange<std::size_t>(0, 12));
  for (auto& end : ends) end = *rc::gen::inRange<std::size_t>(0, events.size() + 1);
  ends.push_back(events.size());
  std::ranges::sort(ends);
  cut_rows<event> batches;
  auto from = events.begin();
  for (const std::size_t end : ends) {
    const auto to = events.begin() + static_cast<std::ptrdiff_t>(end);
    batches.emplace_back(std::exchange(from, to), to);
  }
  return batches;
}

template <class Program>
auto rows_of(const cut_rows<event>& batches, const Program& program) {
  const run_shape shape{.threads = *rc::gen::inRange<std::size_t>(1, 3),
                        .partitions = *rc::gen::inRange<std::size_t>(1, 9)};
  const auto given = testing::run_batches(batches, shape, program);
  auto rows = given.front().second;
  for (std::size_t i = 1; i < given.size(); ++i)
    rows.insert(rows.end(), given[i].second.begin(), given[i].second.end());
  return rows;
}

/// program(stream, lateness) gives answer(events in time).
template <class Program, class Answer>
void property(const std::string& name, const Program& program, const Answer& answer) {
  CHECK(rc::check(name, [&] {
    const auto [events, lateness] = draw_events();
    const auto expected = answer(on_time(events, lateness));
    const auto given =
        rows_of(draw_cut(events), [&, lateness = lateness](const auto& stream) { return program(stream, lateness); });
    RC_TAG(expected.empty() ? "no rows" : "rows");
    RC_ASSERT(given.size() == expected.size());
    const bool equal = given == expected;
    RC_ASSERT(equal);
  }));
}

template <class Program, class Answer>
void property_of_all(const std::string& name, const Program& program, const Answer& answer) {
  CHECK(rc::check(name, [&] {
    const auto events = draw_events().events;
    const bool equal = rows_of(draw_cut(events), program) == answer(events);
    RC_ASSERT(equal);
  }));
}

}  // namespace

TEST_CASE("programs that look at each event give what brute force gives", "[quick]") {
  property_of_all("q0", [](const auto& s) { return programs::q0(s); }, q0);
  property_of_all("q1", [](const auto& s) { return programs::q1(s); }, q1);
  property_of_all("q2", [](const auto& s) { return programs::q2(s); }, q2);
}

TEST_CASE("programs by event time give what brute force over the events in time gives", "[quick]") {
  property("q3", [](const auto& s, auto lateness) { return programs::q3(s, lateness); }, q3);
  property("q4", [](const auto& s, auto lateness) { return programs::q4(s, lateness); }, q4);
  property("q5", [](const auto& s, auto lateness) { return programs::q5(s, lateness); }, q5);
  property("q7", [](const auto& s, auto lateness) { return programs::q7(s, lateness); }, q7);
  property("q8", [](const auto& s, auto lateness) { return programs::q8(s, lateness); }, q8);
  property("q9", [](const auto& s, auto lateness) { return programs::q9(s, lateness); }, q9);
  property("q11", [](const auto& s, auto lateness) { return programs::q11(s, lateness); }, q11);
}

}  // namespace weir::bench::nexmark
