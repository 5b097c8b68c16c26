#include "tests/support/alert_difference.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cep/value.hpp"

namespace weir::testing {
namespace {

bool agree(const naive_value& expected, const naive_value& actual, double tolerance) {
  const double* x = std::get_if<double>(&expected);
  const double* y = std::get_if<double>(&actual);
  if (x && y) return *x == *y || std::abs(*x - *y) <= tolerance;
  return expected == actual;
}

bool aggregates_agree(const plain_alert& expected, const plain_alert& actual) {
  if (expected.aggregates.size() != actual.aggregates.size()) return false;
  for (std::size_t i = 0; i < expected.aggregates.size(); ++i) {
    const double tolerance = expected.tolerances.empty() ? 0 : expected.tolerances[i];
    if (!agree(expected.aggregates[i], actual.aggregates[i], tolerance)) return false;
  }
  return true;
}

bool alerts_agree(const plain_alert& expected, const plain_alert& actual) {
  return expected.pattern == actual.pattern && expected.subject == actual.subject && expected.at == actual.at &&
         expected.events == actual.events && expected.suppressed == actual.suppressed &&
         aggregates_agree(expected, actual);
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
  std::string text = fmt::format("{} for ({}) at {}us, suppressed {}, values [", rules[alert.pattern]->name,
                                 fmt::join(alert.subject, ", "), alert.at.time_since_epoch().count(), alert.suppressed);
  for (const naive_value& v : alert.aggregates) text += " " + to_text(v);
  text += " ]\n";
  for (const auto& [place, step] : alert.events) {
    const bool raised = place >= events.size();
    text += fmt::format(
        "      step {}: #{} {}\n", step, place,
        raised ? fmt::format("raised by alert {}", place - events.size()) : to_text(events[place], program.schema));
  }
  return text;
}

std::string difference(std::span<const plain_alert> expected, std::span<const plain_alert> actual,
                       const rules::program& program, std::span<const plain_event> events) {
  const auto [wanted, found] = std::ranges::mismatch(expected, actual, alerts_agree);
  if (wanted == expected.end() && found == actual.end()) return {};
  const auto line = [&](auto it, auto end) { return it == end ? "none\n" : to_text(*it, program, events); };
  return fmt::format("{} alerts expected, {} found; the first that differs is number {}:\n  expected: {}  found: {}",
                     expected.size(), actual.size(), wanted - expected.begin(), line(wanted, expected.end()),
                     line(found, actual.end()));
}

}  // namespace weir::testing
