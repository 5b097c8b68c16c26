#include "tests/support/naive_window.hpp"

#include <algorithm>
#include <cmath>

#include "tests/support/naive_calendar.hpp"
#include "tests/support/naive_function.hpp"
#include "tests/support/naive_limits.hpp"

namespace weir::testing {
namespace {

using cep::aggregate_function;
using places = std::vector<std::size_t>;

// "`over D` covers [t − D, t] up to and with this event; `prior D` covers [t − D, t] up to but without this event.
// Windows see the events before this one in the stream's order, never those after it that share its time stamp."
// "At a deadline d there is no event at hand, and d comes after all events of its time … and `prior` says the same."
bool is_seen(std::size_t place, const match_end& end, bool prior, const naive_context& context) {
  if (end.is_deadline) return context.events[place].at <= end.at;
  return prior ? place < end.place : place <= end.place;
}

// "Aggregates over a field leave out events that lack it"; but of `prev` "its fields are missing" in the last event.
bool takes_part(const cep::aggregate& a, std::size_t place, const naive_context& context) {
  if (!qualifies(a.events, place, context)) return false;
  if (!a.field || a.function == aggregate_function::previous) return true;
  return !is_missing(read_field(context.events[place], *a.field));
}

/// Which of the events seen up to the end of a match, oldest first, an extent holds.
struct held_by {
  const match_end& end;
  const naive_context& context;
  places seen;

  stream::timestamp at(std::size_t place) const { return context.events[place].at; }

  // "Those with a time ≥ t − D": an event exactly D old is in.
  places operator()(const cep::time_extent& extent) {
    std::erase_if(seen, [&](std::size_t place) { return end.at - at(place) > extent.length; });
    return seen;
  }

  // "`over N events`: the last N that qualify, this one among them if it does."
  places operator()(const cep::count_extent& extent) {
    if (seen.size() > extent.events) seen.erase(seen.begin(), seen.end() - static_cast<std::ptrdiff_t>(extent.events));
    return seen;
  }

  // "`over D ending L ago`: those with t − L − D ≤ time < t − L."
  places operator()(const cep::past_extent& extent) {
    std::erase_if(seen, [&](std::size_t place) {
      const stream::duration age = end.at - at(place);
      return age > extent.ago + extent.length || age <= extent.ago;
    });
    return seen;
  }

  // "Those since the local midnight that began the day, the week or the month of t, up to the event at hand, with it."
  places operator()(const cep::calendar_extent& extent) {
    const stream::timestamp start = start_of_period(end.at, extent);
    std::erase_if(seen, [&](std::size_t place) { return at(place) < start; });
    return seen;
  }

  // "The longest row of events up to the event at hand, with it, in which neighbours are at most D apart, and the last
  // is at most D before t."
  places operator()(const cep::session_extent& extent) {
    places row;
    stream::timestamp next = end.at;
    for (auto place = seen.rbegin(); place != seen.rend() && next - at(*place) <= extent.gap; ++place) {
      next = at(*place);
      row.insert(row.begin(), *place);
    }
    return row;
  }
};

places events_in_window(const cep::aggregate& a, const match_end& end, const naive_context& context) {
  places seen;
  for (std::size_t i = 0; i < context.events.size(); ++i) {
    if (context.limits != nullptr && !context.limits->sees(context.subject, i, end)) continue;
    if (is_seen(i, end, a.window.prior, context) && takes_part(a, i, context)) seen.push_back(i);
  }
  return std::visit(held_by{end, context, std::move(seen)}, a.window.extent);
}

std::vector<naive_value> values_in_window(const cep::aggregate& a, const match_end& end, const naive_context& context) {
  std::vector<naive_value> values;
  for (const std::size_t place : events_in_window(a, end, context)) {
    values.push_back(a.field ? read_field(context.events[place], *a.field) : naive_value(true));
  }
  return values;
}

}  // namespace

bool belongs(const cep::event_filter& filter, std::size_t place, const naive_context& context) {
  const plain_event& event = context.events[place];
  if (event.type != filter.type) return false;
  for (std::size_t i = 0; i < filter.keys.size(); ++i) {
    if (read_field(event, filter.keys[i]) != naive_value(context.subject[i])) return false;
  }
  return true;
}

bool qualifies(const cep::event_filter& filter, std::size_t place, naive_context context) {
  if (!belongs(filter, place, context)) return false;
  context.at_hand = &context.events[place];
  return holds(filter.where, context);
}

naive_value aggregate_at(const cep::aggregate& a, const match_end& end, const naive_context& context) {
  const int surplus = a.field ? surplus_digits(*context.types, a.events.type, *a.field) : 0;
  const naive_function function{a.function, a.type, surplus, a.parameter};
  return function(values_in_window(a, end, context));
}

double tolerance_at(const cep::aggregate& a, const match_end& end, const naive_context& context) {
  using enum aggregate_function;
  const bool rounds = a.function == stddev || a.function == percentile;
  const bool mean = a.function == avg;
  if (!rounds && !mean && a.function != sum) return 0;
  const std::vector<naive_value> values = values_in_window(a, end, context);
  double magnitude = 0;
  for (const naive_value& v : values) {
    const double* real = std::get_if<double>(&v);
    if (!real && !rounds) return 0;
    magnitude += std::abs(real ? *real : static_cast<double>(std::get<cep::int128>(v)));
  }
  if (mean && !values.empty()) magnitude /= static_cast<double>(values.size());
  if (rounds) magnitude /= power_of_ten(surplus_digits(*context.types, a.events.type, *a.field));
  return 1e-12 * magnitude;
}

}  // namespace weir::testing
