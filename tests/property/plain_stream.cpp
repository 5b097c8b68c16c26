#include "tests/property/plain_stream.hpp"

#include <array>
#include <chrono>
#include <limits>

#include "tests/property/schema_text.hpp"

namespace weir::testing {
namespace {

using namespace std::chrono_literals;

constexpr stream::timestamp plain_start{100s};

// Where midnights are odd: days of 23 and 25 hours in Vienna, one that begins at 01:00 in Sao Paulo and one with two
// midnights there, the end of a week, of a month and of a year.
stream::timestamp start_of(tape_reader& clock) {
  using namespace std::chrono;
  static const std::vector<stream::timestamp> starts{
      plain_start,
      plain_start,
      sys_days{2024y / 3 / 30} + 22h + 59min + 55s,
      sys_days{2024y / 10 / 26} + 21h + 59min + 55s,
      sys_days{2018y / 11 / 4} + 2h + 59min + 55s,
      sys_days{2018y / 2 / 18} + 1h + 59min + 55s,
      sys_days{2023y / 12 / 31} + 22h + 59min + 55s,
      sys_days{2024y / 9 / 1} + 23h + 59min + 55s,
  };
  return clock.pick(starts);
}

std::string one_of(tape_reader& choices, std::string_view prefix, std::size_t n) {
  return std::string(prefix) + std::to_string(choices.choose(n));
}

constexpr std::array<std::int64_t, 6> few_decimals{100'000'000, 0, 50'000'000, 150'000'000, 10'000'000, 200'000'000};
constexpr std::array<std::int64_t, 6> few_cents{100, 200, 50, 250, 1, 0};
constexpr std::array<std::int64_t, 5> few_numbers{1, 0, 2, 3, -1};

// Now and then a number that overflows what it is multiplied into.
std::int64_t largest(tape_reader& choices) {
  using limits = std::numeric_limits<std::int64_t>;
  return choices.choose(2) == 0 ? limits::max() : limits::min() + 1;
}

std::int64_t number_of(tape_reader& choices, stream::type_kind kind, stream::timestamp start) {
  switch (kind) {
    case stream::type_kind::decimal: return choices.once_in(40) ? largest(choices) : few_decimals[choices.choose(6)];
    case stream::type_kind::money: return choices.once_in(40) ? largest(choices) : few_cents[choices.choose(6)];
    case stream::type_kind::duration: return 500'000 * static_cast<std::int64_t>(choices.choose(7));
    case stream::type_kind::time: return (start + 500ms * choices.choose(16)).time_since_epoch().count();
    default: return choices.once_in(40) ? largest(choices) : few_numbers[choices.choose(5)];
  }
}

// Multiples of a quarter: every sum of them is exact, in any order.
double real_of(tape_reader& choices) {
  return std::array<double, 7>{1, 0, 0.5, 1.5, -1, 0.25, -0.0}[choices.choose(7)];
}

// Most often the first, so that matches of several events are found.
std::string entity_of(tape_reader& choices, char initial) {
  return std::string(1, initial) + "00012"[choices.choose(5)];
}

plain_value value_of(tape_reader& choices, const stream::field& field, stream::timestamp start) {
  const bool missing = field.optional && choices.once_in(3);
  if (missing) return {};
  switch (field.type.kind) {
    case stream::type_kind::boolean: return choices.choose(2) == 0;
    case stream::type_kind::floating: return real_of(choices);
    case stream::type_kind::text:
      return choices.once_in(8) ? std::string("\u00c4b") : std::string(1, "abc"[choices.choose(3)]);
    case stream::type_kind::ip:
      return *stream::parse_ip(choices.once_in(5) ? "2001:db8::1" : one_of(choices, "10.0.0.", 3));
    case stream::type_kind::entity: return entity_of(choices, field.name == "dev" ? 'D' : 'A');
    default: return number_of(choices, field.type.kind, start);
  }
}

stream::duration pause_before(tape_reader& choices, bool days_pass) {
  static const std::vector<stream::duration> pauses{0s, 1s, 0s, 1s, 500ms, 2s, 0s, 3s, 1s, 5s, 1us, 10s};
  static const std::vector<stream::duration> long_ones{1h, 0s, 1s, 30min, 12h, 0s, 1s, 24h, 23h, 2s, 25h, 168h};
  return choices.pick(days_pass ? long_ones : pauses);
}

}  // namespace

std::vector<plain_event> plain_stream(const stream_draw& draw, const tape& clock, const stream::schema& types) {
  const std::size_t from_sources = types.events().size() - raised_events().size();  // which are declared last
  std::vector<plain_event> events;
  tape_reader beginning(clock);
  const stream::timestamp start = start_of(beginning);
  const bool days_pass = beginning.once_in(4);
  stream::timestamp at = start;
  for (const tape& drawn : draw) {
    tape_reader choices(drawn);
    at += pause_before(choices, days_pass);
    plain_event event{stream::event_type_id(choices.choose(from_sources)), at, {}, {}};
    event.from = {stream::source_id(choices.choose(2)), events.size()};
    for (const stream::field& f : types[event.type].fields) event.fields.push_back(value_of(choices, f, start));
    events.push_back(std::move(event));
  }
  sort_by_stream_order(events);
  return events;
}

}  // namespace weir::testing
