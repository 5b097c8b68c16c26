#include "apps/weir/summary.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace weir::app {

namespace {

std::string row(std::string_view name, std::size_t width, std::uint64_t number, std::string_view rest = {}) {
  return fmt::format("{:<{}} {:>13}{}{}\n", name, width, grouped(number), rest.empty() ? "" : "  ", rest);
}

std::string rate(std::uint64_t events, double seconds) {
  if (seconds <= 0) return "0";
  return grouped(static_cast<std::uint64_t>(std::llround(static_cast<double>(events) / seconds)));
}

/// "18 events forgotten, 2 subjects forgotten": what limits have done; empty if nothing.
std::string at_limits(const run_summary::of_rule& rule) {
  std::string text;
  const auto add = [&text](std::uint64_t number, std::string_view one, std::string_view several) {
    if (number == 0) return;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", grouped(number), number == 1 ? one : several);
  };
  add(rule.events_forgotten, "event forgotten", "events forgotten");
  add(rule.events_refused, "event refused", "events refused");
  add(rule.subjects_forgotten, "subject forgotten", "subjects forgotten");
  add(rule.subjects_refused, "event of a new subject refused", "events of new subjects refused");
  return text;
}

std::string rule_row(const run_summary::of_rule& rule, std::size_t width) {
  std::string rest;
  if (rule.suppressed > 0) rest += fmt::format("{} suppressed", grouped(rule.suppressed));
  if (const auto limited = at_limits(rule); !limited.empty()) rest += (rest.empty() ? "" : ", ") + limited;
  if (rule.shadow) rest += rest.empty() ? "shadow" : ", shadow";
  if (rule.removed) rest += rest.empty() ? "removed" : ", removed";
  return row("  " + rule.name, width, rule.alerts, rest);
}

run_summary::of_source sum_of(const std::vector<run_summary::of_source>& sources) {
  run_summary::of_source all;
  for (const auto& source : sources) {
    all.events += source.events;
    all.late += source.late;
    all.bad += source.bad;
  }
  return all;
}

}  // namespace

std::string grouped(std::uint64_t number) {
  auto digits = std::to_string(number);
  for (auto place = std::ssize(digits) - 3; place > 0; place -= 3) digits.insert(static_cast<std::size_t>(place), ",");
  return digits;
}

std::string render(const run_summary& summary) {
  const auto all = sum_of(summary.sources);
  std::uint64_t alerts = 0;
  std::size_t width = std::string_view("set aside").size();
  for (const auto& rule : summary.rules) {
    alerts += rule.alerts;
    width = std::max(width, rule.name.size() + 2);
  }
  const auto speed = fmt::format("in {:.2f} s, {} events/s", summary.seconds, rate(all.events, summary.seconds));
  const auto aside = fmt::format("{} bad, {} late, in {}", all.bad, all.late, summary.set_aside_path);
  auto text = row("events", width, all.events, speed);
  text += row("late", width, all.late);
  text += row("set aside", width, all.bad + all.late, all.bad + all.late == 0 ? std::string_view{} : aside);
  text += row("alerts", width, alerts);
  for (const auto& rule : summary.rules) text += rule_row(rule, width);
  return text;
}

std::string render_stats(const run_summary& summary) {
  std::string text;
  for (const auto& source : summary.sources) {
    text += fmt::format("source {}: {} events, {} late, {} bad\n", source.name, grouped(source.events),
                        grouped(source.late), grouped(source.bad));
  }
  for (const auto& rule : summary.rules) {
    if (rule.undefined > 0) {
      text += fmt::format("rule {}: {} conditions met a division by zero or an overflow\n", rule.name,
                          grouped(rule.undefined));
    }
    if (rule.truncated > 0) {
      text += fmt::format("rule {}: {} searches in graphs were too long to know\n", rule.name, grouped(rule.truncated));
    }
    const auto limited = at_limits(rule);
    if (!limited.empty()) text += fmt::format("rule {}: {} at its limits\n", rule.name, limited);
  }
  text += fmt::format("engine: {} live subjects, {} bytes of events kept, {} rows wait for the watermark\n",
                      grouped(summary.live_subjects), grouped(summary.log_bytes), grouped(summary.rows_waiting));
  text += fmt::format("memory: {} MB\n", grouped(summary.memory_bytes >> 20));
  if (summary.watermark.empty()) return text;
  const auto holder = summary.holding_back.empty() ? "" : ", held back by source " + summary.holding_back;
  return text + fmt::format("watermark: {}{}\n", summary.watermark, holder);
}

}  // namespace weir::app
