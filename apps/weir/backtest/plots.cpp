#include "apps/weir/backtest/plots.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "apps/weir/summary.hpp"
#include "apps/weir/text_table.hpp"

namespace weir::backtest {

namespace {

using app::fitted;
using app::grouped;

// ---- days -----------------------------------------------------------------------------------------------------------

constexpr double day_plot_width = 420;
constexpr double day_plot_height = 34;
constexpr std::int64_t bars_max = 105;

/// Some days that share a bar.
struct day_bar {
  day_number first = 0;
  day_number last = 0;
  std::uint64_t alerts = 0;
};

std::vector<day_bar> bars_of(const rule_report& rule, const report::day_range& days) {
  const auto days_a_bar = (days.days() + bars_max - 1) / bars_max;
  std::vector<day_bar> bars;
  for (std::int64_t day = days.first; day <= days.last; day += days_a_bar) {
    bars.push_back({.first = static_cast<day_number>(day),
                    .last = static_cast<day_number>(std::min<std::int64_t>(day + days_a_bar - 1, days.last))});
  }
  for (const auto& [day, count] : rule.by_day) {
    bars[static_cast<std::size_t>((day - days.first) / days_a_bar)].alerts += count;
  }
  return bars;
}

std::string words_of(const day_bar& bar) {
  const auto when = bar.first == bar.last ? to_text(bar.first) : to_text(bar.first) + " to " + to_text(bar.last);
  return fmt::format("{}: {}", when, grouped(bar.alerts));
}

}  // namespace

std::string day_plot(const rule_report& rule, const report::day_range& days) {
  const auto bars = bars_of(rule, days);
  const auto most = std::max<std::uint64_t>(1, std::ranges::max(bars, {}, &day_bar::alerts).alerts);
  const double step = day_plot_width / static_cast<double>(bars.size());
  auto svg = fmt::format(
      R"(<svg class="days" viewBox="0 0 {0} {1}" preserveAspectRatio="none" role="img" aria-label="{2} by day, at most {3}">)",
      day_plot_width, day_plot_height, escaped(rule.name), grouped(most));
  svg += fmt::format(R"(<line class="rule-line" x1="0" x2="{0}" y1="{1}" y2="{1}"/>)", day_plot_width,
                     day_plot_height - 0.5);
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const double height = static_cast<double>(bars[i].alerts) / static_cast<double>(most) * (day_plot_height - 3);
    // An empty bar still answers the pointer.
    svg += fmt::format(R"(<g><rect class="hit" x="{0:.2f}" y="0" width="{1:.2f}" height="{2}"/>)",
                       static_cast<double>(i) * step, step, day_plot_height);
    svg +=
        fmt::format(R"(<rect class="bar" x="{:.2f}" y="{:.2f}" width="{:.2f}" height="{:.2f}"/><title>{}</title></g>)",
                    static_cast<double>(i) * step + step * 0.1, day_plot_height - 1 - height, step * 0.8, height,
                    words_of(bars[i]));
  }
  return svg + "</svg>";
}

std::string day_axis(const report::day_range& days) {
  return fmt::format(R"(<div class="axis"><span>{}</span><span>{}</span></div>)", to_text(days.first),
                     to_text(days.last));
}

// ---- scores ---------------------------------------------------------------------------------------------------------

std::string ratio_bar(std::optional<double> ratio, std::string_view style) {
  if (!ratio) return R"(<span class="none">–</span>)";
  const auto words = fmt::format("{:.1f} %", 100 * *ratio);
  return fmt::format(
      R"(<span class="ratio"><svg class="{0}" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" )"
      R"(aria-label="{0} {1}"><rect class="track" width="100" height="10"/>)"
      R"(<rect class="fill" width="{2:.2f}" height="10"/></svg><span>{1}</span></span>)",
      style, words, 100 * *ratio);
}

std::string difference_bar(const rule_difference& d, std::uint64_t most) {
  constexpr double width = 300;
  struct part {
    std::string_view style;
    std::string_view words;
    std::uint64_t alerts;
  };
  const std::vector<part> parts{
      {"only-old", "only old", d.only_old}, {"both", "both", d.both}, {"only-new", "only new", d.only_new}};
  std::string rects;
  double x = 0;
  for (const auto& p : parts) {
    const double w = most == 0 ? 0 : static_cast<double>(p.alerts) / static_cast<double>(most) * width;
    rects += fmt::format(R"(<rect class="{}" x="{:.2f}" width="{:.2f}" height="12"><title>{}: {}</title></rect>)",
                         p.style, x, w, p.words, grouped(p.alerts));
    x += w;
  }
  return fmt::format(R"(<svg class="difference" viewBox="0 0 {} 12" role="img" )"
                     R"(aria-label="only old {}, both {}, only new {}">{}</svg>)",
                     width, grouped(d.only_old), grouped(d.both), grouped(d.only_new), rects);
}

// ---- overlap --------------------------------------------------------------------------------------------------------

namespace {

constexpr double cell = 34;
constexpr double names_width = 190;
constexpr double names_height = 116;

std::string matrix_cell(std::size_t row, std::size_t column, const overlap& pair, std::string_view what,
                        const set_report& set) {
  const auto jaccard = pair.jaccard();
  const double x = names_width + static_cast<double>(column) * cell;
  const double y = names_height + static_cast<double>(row) * cell;
  auto svg =
      fmt::format(R"(<g><rect class="heat" x="{:.0f}" y="{:.0f}" width="{}" height="{}" style="--heat:{:.3f}"/>)",
                  x + 1, y + 1, cell - 2, cell - 2, 0.12 + 0.88 * jaccard);
  svg += fmt::format(R"(<text class="value{}" x="{:.1f}" y="{:.1f}">{:.2f}</text>)", jaccard > 0.45 ? " on-dark" : "",
                     x + cell / 2, y + cell / 2 + 4, jaccard);
  return svg + fmt::format("<title>{} and {}: {} {} of {}, {:.3f}</title></g>", escaped(set.rules[pair.first].name),
                           escaped(set.rules[pair.second].name), grouped(pair.common), what, grouped(pair.either),
                           jaccard);
}

std::string matrix_names(const set_report& set) {
  std::string svg;
  for (std::size_t i = 0; i < set.rules.size(); ++i) {
    const double middle = static_cast<double>(i) * cell + cell / 2 + 4;
    const auto name = escaped(fitted(set.rules[i].name, 26));
    svg +=
        fmt::format(R"(<text class="row" x="{}" y="{:.0f}">{}</text>)", names_width - 8, names_height + middle, name);
    svg += fmt::format(R"~(<text class="column" transform="translate({:.0f} {}) rotate(-45)">{}</text>)~",
                       names_width + middle - 2, names_height - 8, name);
  }
  return svg;
}

std::string matrix_grid(std::size_t rules) {
  std::string svg;
  for (std::size_t row = 0; row < rules; ++row) {
    for (std::size_t column = 0; column < rules; ++column) {
      svg += fmt::format(R"(<rect class="{}" x="{:.0f}" y="{:.0f}" width="{}" height="{}"/>)",
                         row == column ? "self" : "empty", names_width + static_cast<double>(column) * cell + 1,
                         names_height + static_cast<double>(row) * cell + 1, cell - 2, cell - 2);
    }
  }
  return svg;
}

}  // namespace

std::string overlap_matrix(const set_report& set) {
  const auto side = static_cast<double>(set.rules.size()) * cell;
  auto svg = fmt::format(R"(<svg class="matrix" viewBox="0 0 {0:.0f} {1:.0f}" style="max-width:{0:.0f}px" role="img" )"
                         R"(aria-label="How alike the alerts of each two rules are">)",
                         names_width + side + 90, names_height + side);
  svg += matrix_grid(set.rules.size()) + matrix_names(set);
  for (const auto& pair : set.same_events) svg += matrix_cell(pair.first, pair.second, pair, "events", set);
  for (const auto& pair : set.same_subject_days)
    svg += matrix_cell(pair.second, pair.first, pair, "subjects and days", set);
  return svg + "</svg>";
}

std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '&': safe += "&amp;"; break;
      case '<': safe += "&lt;"; break;
      case '>': safe += "&gt;"; break;
      case '"': safe += "&quot;"; break;
      case '\'': safe += "&#39;"; break;
      default: safe += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? '?' : c;
    }
  }
  return safe;
}

}  // namespace weir::backtest
