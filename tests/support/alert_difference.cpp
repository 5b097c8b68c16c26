#include "tests/support/alert_difference.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "cep/value.hpp"

namespace weir::testing {
namespace {

// The events of the tests are few: their magnitudes together are no more than the events' count times the greatest.
double magnitude_of(std::span<const plain_event> events) {
  double sum = 0;
  for (const plain_event& e : events) {
    for (const plain_value& v : e.fields) {
      if (const double* d = std::get_if<double>(&v)) sum += std::abs(*d);
      if (const auto* n = std::get_if<std::int64_t>(&v)) sum += std::abs(static_cast<double>(*n));
    }
  }
  return sum;
}

bool agree(const naive_value& a, const naive_value& b, double magnitude) {
  const double* x = std::get_if<double>(&a);
  const double* y = std::get_if<double>(&b);
  if (x && y) return std::abs(*x - *y) <= 1e-12 * magnitude;
  return a == b;
}

bool agree(const plain_alert& a, const plain_alert& b, double magnitude) {
  return a.pattern == b.pattern && a.subject == b.subject && a.at == b.at && a.events == b.events &&
         a.suppressed == b.suppressed &&
         std::ranges::equal(a.aggregates, b.aggregates,
                            [&](const auto& x, const auto& y) { return agree(x, y, magnitude); });
}

struct value_text {
  std::string operator()(std::monostate) const { return "missing"; }
  std::string operator()(bool b) const { return b ? "true" : "false"; }
  std::string operator()(cep::int128 n) const { return cep::to_text(n, 0); }
  std::string operator()(double d) const { return fmt::format("{:.17g}", d); }
  std::string operator()(const std::string& s) const { return s; }
  std::string operator()(const stream::ip_address& a) const { return stream::to_text(a); }
};

}  // namespace

std::string to_text(const naive_value& value) { return std::visit(value_text{}, value); }

std::string to_text(const plain_alert& alert, const rules::program& program, std::span<const plain_event> events) {
  const auto rules = program.active();
  std::string text = fmt::format("{} for \"{}\" at {}us, suppressed {}, values [", rules[alert.pattern]->name,
                                 alert.subject, alert.at.time_since_epoch().count(), alert.suppressed);
  for (const naive_value& v : alert.aggregates) text += " " + to_text(v);
  text += " ]\n";
  for (const std::size_t place : alert.events) {
    text += fmt::format("      #{} {}\n", place, to_text(events[place], program.schema));
  }
  return text;
}

std::string difference(std::span<const plain_alert> expected, std::span<const plain_alert> actual,
                       const rules::program& program, std::span<const plain_event> events) {
  const double magnitude = magnitude_of(events);
  const auto [wanted, found] = std::ranges::mismatch(
      expected, actual, [&](const plain_alert& a, const plain_alert& b) { return agree(a, b, magnitude); });
  if (wanted == expected.end() && found == actual.end()) return {};
  const auto line = [&](auto it, auto end) { return it == end ? "none\n" : to_text(*it, program, events); };
  return fmt::format("{} alerts expected, {} found; the first that differs is number {}:\n  expected: {}  found: {}",
                     expected.size(), actual.size(), wanted - expected.begin(), line(wanted, expected.end()),
                     line(found, actual.end()));
}

}  // namespace weir::testing
