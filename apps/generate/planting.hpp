#pragma once

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <iterator>
#include <span>
#include <utility>
#include <vector>

#include "apps/generate/label.hpp"
#include "apps/generate/random.hpp"

namespace weir::generate {

/// One case while it is planted: where it draws from, when it begins, and the events it has so far.
template <class Event>
struct planted_case {
  random_bits bits;
  std::int64_t start_ms = 0;
  label mark{};
  std::uint64_t day = 0;
  std::vector<Event>& events;

  /// Adds an event of the fraud itself.
  void add(std::int64_t after_start_ms, Event e) {
    e.mark = mark;
    add_ordinary(after_start_ms, e);
  }
  /// Adds an event that belongs to the story and is no fraud: it gets no label.
  void add_ordinary(std::int64_t after_start_ms, Event e) {
    e.at_ms = start_ms + after_start_ms;
    events.push_back(e);
  }
};

/// A kind of case, and how it is planted.
template <class Event>
struct case_kind {
  typology kind = typology::none;
  void (*plant)(planted_case<Event>&) = nullptr;
};

/// Of a hundred days, on how many a case of a given kind begins.
inline constexpr std::uint32_t case_days_percent = 50;

/// The events of all cases that begin on a day, whenever they happen.
template <class Event>
std::vector<Event> cases_begun_on(std::span<const case_kind<Event>> kinds, std::uint64_t seed, std::uint64_t day) {
  std::vector<Event> events;
  std::uint64_t number = day * 100;
  for (const auto& kind : kinds) {
    auto bits = bits_for(seed, static_cast<std::uint64_t>(kind.kind), day);
    if (!bits.percent(case_days_percent)) continue;
    const std::int64_t start_ms = midnight_ms(day) + time_of_day(bits);
    planted_case<Event> one{bits, start_ms, {kind.kind, ++number}, day, events};
    kind.plant(one);
  }
  return events;
}

/// The events of cases that happen on a day. `days_back` lists how many days before a case may have begun.
template <class Event>
std::vector<Event> planted_on(std::span<const case_kind<Event>> kinds, std::span<const std::uint64_t> days_back,
                              std::uint64_t seed, std::uint64_t day) {
  std::vector<Event> events;
  for (const std::uint64_t back : days_back) {
    if (back > day) continue;
    std::ranges::copy_if(cases_begun_on(kinds, seed, day - back), std::back_inserter(events), [day](const Event& e) {
      return e.at_ms >= midnight_ms(day) && e.at_ms < midnight_ms(day + 1);
    });
  }
  return events;
}

/// Puts a day's events in the order of time and numbers them from `first_id`.
template <class Event>
void number_by_time(std::vector<Event>& events, std::uint64_t first_id) {
  for (std::size_t i = 0; i < events.size(); ++i) events[i].id = i;  // events of one time keep their order
  std::ranges::sort(events, {}, [](const Event& e) { return std::pair(e.at_ms, e.id); });
  for (auto& e : events) e.id = first_id++;
}

/// Offsets of `n` events spread over a length of time, rising.
template <class Use>
void spread(random_bits& bits, std::uint32_t n, std::int64_t length_ms, Use use) {
  const std::int64_t slot_ms = length_ms / n;
  for (std::uint32_t i = 0; i < n; ++i) use(i, i * slot_ms + bits.below(static_cast<std::uint32_t>(slot_ms)));
}

}  // namespace weir::generate
