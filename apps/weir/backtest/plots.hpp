#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "apps/weir/backtest/report.hpp"

namespace weir::backtest {

/// `text` as it may stand in HTML and in the attributes of SVG.
std::string escaped(std::string_view text);

// Plots as SVG elements that take their colours from the page's style (html_report.cpp). Each says in words what it
// shows.

/// Alerts over the days, a bar for a day or for several. Its height is the rule's own greatest bar.
std::string day_plot(const rule_report& rule, const report::day_range& days);
/// Under the day plots: the first and the last day.
std::string day_axis(const report::day_range& days);

/// A bar from 0 to 100 %; `style` is "precision", "recall" or "f1".
std::string ratio_bar(std::optional<double> ratio, std::string_view style);

/// Only old, both, only new, as parts of one bar. `most` is what a whole bar stands for.
std::string difference_bar(const rule_difference& difference, std::uint64_t most);

/// Rules against rules: above the diagonal how alike they are by events, below it by subject and day.
std::string overlap_matrix(const set_report& set);

}  // namespace weir::backtest
