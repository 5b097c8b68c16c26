#include "apps/weir/summary.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace weir::app {

namespace {

std::string row(std::string_view name, std::uint64_t number, std::string_view rest = {}) {
  return fmt::format("{:<11} {:>15}{}{}\n", name, grouped(number), rest.empty() ? "" : "  ", rest);
}

std::string rate(std::uint64_t events, double seconds) {
  if (seconds <= 0) return "0";
  return grouped(static_cast<std::uint64_t>(std::llround(static_cast<double>(events) / seconds)));
}

std::string rule_row(const run_summary::of_rule& rule, std::size_t width) {
  auto line = fmt::format("  {:<{}} {:>15}", rule.name, width, grouped(rule.alerts));
  if (rule.suppressed > 0) line += fmt::format("  {} suppressed", grouped(rule.suppressed));
  if (rule.shadow) line += "  shadow";
  return line + '\n';
}

}  // namespace

std::string grouped(std::uint64_t number) {
  auto digits = std::to_string(number);
  for (auto place = std::ssize(digits) - 3; place > 0; place -= 3) digits.insert(static_cast<std::size_t>(place), ",");
  return digits;
}

std::string render(const run_summary& summary) {
  run_summary::of_source all;
  for (const auto& source : summary.sources) {
    all.events += source.events;
    all.late += source.late;
    all.bad += source.bad;
  }
  std::uint64_t alerts = 0;
  std::size_t width = 9;
  for (const auto& rule : summary.rules) {
    alerts += rule.alerts;
    width = std::max(width, rule.name.size());
  }
  const auto aside = all.late + all.bad == 0
                         ? std::string{}
                         : fmt::format("{} bad, {} late, in {}", all.bad, all.late, summary.set_aside_path);
  auto text = row("events", all.events,
                  fmt::format("in {:.2f} s, {} events/s", summary.seconds, rate(all.events, summary.seconds)));
  text += row("late", all.late);
  text += row("set aside", all.late + all.bad, aside);
  text += row("alerts", alerts);
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
    if (rule.undefined == 0) continue;
    text += fmt::format("rule {}: {} conditions met a division by zero or an overflow\n", rule.name,
                        grouped(rule.undefined));
  }
  text += fmt::format("engine: {} live subjects, {} bytes of events kept, {} rows wait for the watermark\n",
                      grouped(summary.live_subjects), grouped(summary.log_bytes), grouped(summary.rows_waiting));
  if (summary.watermark.empty()) return text;
  const auto holder = summary.holding_back.empty() ? "" : ", held back by source " + summary.holding_back;
  return text + fmt::format("watermark: {}{}\n", summary.watermark, holder);
}

}  // namespace weir::app
