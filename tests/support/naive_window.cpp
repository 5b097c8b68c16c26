#include "tests/support/naive_window.hpp"

#include <algorithm>
#include <cmath>

namespace weir::testing {
namespace {

using cep::aggregate_function;
using cep::int128;

// "`over D` covers [t − D, t] up to and with this event; `prior D` covers [t − D, t] up to but without this event.
// Windows see the events before this one in the stream's order, never those after it that share its time stamp."
// A deadline comes after all events of its time, and is no event itself.
bool is_seen(std::size_t place, const match_end& end, bool prior, const naive_context& context) {
  if (end.is_deadline) return context.events[place].at <= end.at;
  return prior ? place < end.place : place <= end.place;
}

// "With a field, events that lack it take no part."
bool takes_part(const cep::aggregate& a, std::size_t place, const naive_context& context) {
  return qualifies(a.events, place, context) && (!a.field || !is_missing(read_field(context.events[place], *a.field)));
}

std::vector<std::size_t> events_in_window(const cep::aggregate& a, const match_end& end, const naive_context& context) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < context.events.size(); ++i) {
    if (is_seen(i, end, a.window.prior, context) && takes_part(a, i, context)) places.push_back(i);
  }
  if (const auto* extent = std::get_if<cep::time_extent>(&a.window.extent)) {
    // "An event exactly D old is in."
    std::erase_if(places, [&](std::size_t i) { return end.at - context.events[i].at > extent->length; });
  } else {
    // "`over N events`: the last N that qualify, this one among them if it does."
    const std::size_t n = std::get<cep::count_extent>(a.window.extent).events;
    if (places.size() > n) places.erase(places.begin(), places.end() - static_cast<std::ptrdiff_t>(n));
  }
  return places;
}

std::vector<naive_value> values_in_window(const cep::aggregate& a, const match_end& end, const naive_context& context) {
  std::vector<naive_value> values;
  for (const std::size_t place : events_in_window(a, end, context)) {
    values.push_back(read_field(context.events[place], *a.field));
  }
  return values;
}

naive_value sum_of(const std::vector<naive_value>& values, bool real) {
  if (real) {
    long double sum = 0;  // near enough to the true sum that its errors do not count
    for (const naive_value& v : values) sum += std::get<double>(v);
    return static_cast<double>(sum);
  }
  int128 sum = 0;
  for (const naive_value& v : values) {
    if (__builtin_add_overflow(sum, std::get<int128>(v), &sum)) return {};
  }
  return sum;
}

double power_of_ten(int power) { return power == 0 ? 1.0 : 10.0 * power_of_ten(power - 1); }

// "`avg` … floats computed from exact sums." "`avg` of nothing is missing." One division, so that the mean of equal
// decimals is that decimal.
naive_value mean_of(const std::vector<naive_value>& values, int surplus) {
  if (values.empty()) return {};
  const auto count = static_cast<double>(values.size());
  if (std::holds_alternative<double>(values.front())) {
    return std::get<double>(sum_of(values, true)) / count;
  }
  const naive_value sum = sum_of(values, false);
  if (is_missing(sum)) return {};
  return static_cast<double>(std::get<int128>(sum)) / (count * power_of_ten(surplus));
}

naive_value least_or_greatest(const std::vector<naive_value>& values, bool least) {
  if (values.empty()) return {};
  const auto [low, high] = std::ranges::minmax_element(values);
  return least ? *low : *high;
}

std::size_t distinct_count(std::vector<naive_value> values) {
  std::ranges::sort(values);
  return static_cast<std::size_t>(std::ranges::distance(values.begin(), std::ranges::unique(values).begin()));
}

// Of a decimal's values, the digits that the unit's smallest part does not have; all other numbers count that part.
int surplus_digits(const cep::aggregate& a, const stream::schema& types) {
  if (!a.field || *a.field == cep::at_field) return 0;
  const stream::type_kind kind = types[a.events.type][*a.field].type.kind;
  return kind == stream::type_kind::decimal ? stream::decimal_digits : 0;
}

naive_value number_of(std::size_t count) { return int128{count}; }

}  // namespace

bool qualifies(const cep::event_filter& filter, std::size_t place, naive_context context) {
  const plain_event& event = context.events[place];
  if (event.type != filter.type) return false;
  // "An event belongs to the subject through an equality on it, or through its field of the subject's own name."
  for (std::size_t i = 0; i < filter.keys.size(); ++i) {
    if (read_field(event, filter.keys[i]) != naive_value(*context.subject)) return false;
  }
  context.at_hand = &event;
  return holds(filter.where, context);
}

naive_value aggregate_at(const cep::aggregate& a, const match_end& end, const naive_context& context) {
  if (!a.field) return number_of(events_in_window(a, end, context).size());
  const std::vector<naive_value> values = values_in_window(a, end, context);
  switch (a.function) {
    case aggregate_function::count: return number_of(values.size());
    case aggregate_function::sum: return sum_of(values, a.type.kind == cep::value_kind::real);
    case aggregate_function::avg: return mean_of(values, surplus_digits(a, *context.types));
    case aggregate_function::min: return least_or_greatest(values, true);
    case aggregate_function::max: return least_or_greatest(values, false);
    case aggregate_function::distinct: return number_of(distinct_count(values));
    case aggregate_function::first: return values.empty() ? naive_value() : values.front();
    case aggregate_function::last: return values.empty() ? naive_value() : values.back();
    default: break;
  }
  return {};
}

double tolerance_at(const cep::aggregate& a, const match_end& end, const naive_context& context) {
  const bool mean = a.function == aggregate_function::avg;
  if (!mean && a.function != aggregate_function::sum) return 0;
  const std::vector<naive_value> values = values_in_window(a, end, context);
  double magnitude = 0;
  for (const naive_value& v : values) {
    if (!std::holds_alternative<double>(v)) return 0;
    magnitude += std::abs(std::get<double>(v));
  }
  return 1e-12 * (mean && !values.empty() ? magnitude / static_cast<double>(values.size()) : magnitude);
}

}  // namespace weir::testing
