#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "apps/weir/backtest/report.hpp"
#include "apps/weir/summary.hpp"
#include "apps/weir/text_table.hpp"

namespace weir::backtest {

namespace {

using app::fitted;
using app::grouped;
using app::text_table;
using app::wrapped;

constexpr std::size_t width = 100;
constexpr std::size_t name_width = 28;
constexpr std::size_t spark_width = 20;
constexpr std::size_t overlaps_max = 20;

std::string counted(std::uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", grouped(count), noun, count == 1 ? "" : "s");
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const auto& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

std::string percent(std::optional<double> ratio) { return ratio ? fmt::format("{:.1f} %", 100 * *ratio) : "–"; }

std::string named(const rule_report& rule) {
  return fitted(rule.mode == "shadow" ? rule.name + " (shadow)" : rule.name, name_width);
}

std::string head(const report& r) {
  std::string text = fmt::format("{} over {}", counted(r.now.rules.size(), "rule"), counted(r.input.events, "event"));
  if (r.input.first) {
    const auto first = day_of(*r.input.first);
    const auto last = day_of(r.input.last);
    text += fmt::format(", {} to {} ({})", to_text(first), to_text(last),
                        counted(static_cast<std::uint64_t>(last - first + 1), "day"));
  }
  text += '\n';
  text += wrapped("rules " + joined(r.now.files), width, "  ");
  if (r.before) text += wrapped("against " + joined(r.before->files), width, "  ");
  text += wrapped("input " + joined(r.inputs), width, "  ");
  if (r.known) text += wrapped("labels " + joined(r.known->files), width, "  ");
  if (r.input.bad + r.input.late == 0) return text;
  text += fmt::format("  set aside {} bad, {} late\n", grouped(r.input.bad), grouped(r.input.late));
  for (const auto& record : r.examples_aside) {
    text += fmt::format("    line {}: {}\n", record.line, fitted(record.reason, width - 20));
  }
  return text;
}

// ---- alerts ---------------------------------------------------------------------------------------------------------

/// Alerts a day as a row of bars, several days to a bar where there are many.
std::string spark(const rule_report& rule, const report::day_range& days) {
  constexpr std::array<std::string_view, 9> bars{" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  const auto places = std::min<std::int64_t>(days.days(), spark_width);
  std::vector<std::uint64_t> counts(static_cast<std::size_t>(places));
  for (const auto& [day, count] : rule.by_day) {
    counts[static_cast<std::size_t>((day - days.first) * places / days.days())] += count;
  }
  const auto most = std::ranges::max(counts);
  std::string row;
  for (const auto count : counts) row += bars[most == 0 ? 0 : (count * 8 + most - 1) / most];
  return row;
}

std::string busiest_day(const rule_report& rule) {
  if (rule.by_day.empty()) return {};
  const auto most = std::ranges::max_element(rule.by_day, {}, [](const auto& entry) { return entry.second; });
  return fmt::format("{} on {}", grouped(most->second), to_text(most->first));
}

void add_alerts(text_table& table, const rule_report& rule, const std::optional<report::day_range>& days) {
  const auto mean = days ? static_cast<double>(rule.alerts) / static_cast<double>(days->days()) : 0.0;
  table.add({named(rule), grouped(rule.alerts), fmt::format("{:.1f}", mean), busiest_day(rule), grouped(rule.subjects),
             grouped(rule.suppressed), days ? spark(rule, *days) : ""});
}

std::string alerts_of(const set_report& set, const std::optional<report::day_range>& days) {
  text_table table({"rule", "alerts", "a day", "busiest day", "subjects", "suppressed", "by day"}, {3, 6});
  for (const auto& rule : set.rules) add_alerts(table, rule, days);
  if (set.rules.size() != 1) add_alerts(table, set.all, days);
  return table.text();
}

// ---- scores ---------------------------------------------------------------------------------------------------------

void add_score(text_table& table, const rule_report& rule) {
  const auto& s = *rule.scored;
  table.add({named(rule), grouped(s.alerts), grouped(s.true_alerts), percent(s.precision()),
             grouped(s.cases) + (s.own_cases ? "*" : " "), grouped(s.found), percent(s.recall()), percent(s.f1())});
}

std::string scores_of(const set_report& set) {
  text_table table({"rule", "alerts", "true", "precision", "cases ", "found", "recall", "F1"});
  for (const auto& rule : set.rules) add_score(table, rule);
  add_score(table, set.all);
  return table.text();
}

std::string labels_of(const labels_report& known) {
  std::string text = "Labels: " + counted(known.events, "event");
  if (known.subjects > 0) text += ", " + counted(known.subjects, "subject");
  text += " in " + counted(known.cases, "case");
  if (!known.kinds.empty()) text += " of " + counted(known.kinds.size(), "kind");
  const auto absent = known.cases - known.cases_in_input;
  if (absent > 0) text += fmt::format("; {} left out: none of their events took part", counted(absent, "case"));
  return text + '\n';
}

// ---- overlap --------------------------------------------------------------------------------------------------------

const overlap* find(const std::vector<overlap>& in, const overlap& pair) {
  const auto found = std::ranges::find_if(
      in, [&](const overlap& other) { return other.first == pair.first && other.second == pair.second; });
  return found == in.end() ? nullptr : &*found;
}

std::string shared(const overlap* pair) {
  return pair == nullptr ? "–" : fmt::format("{} ({:.2f})", grouped(pair->common), pair->jaccard());
}

/// The pairs that share anything, most alike first.
std::vector<overlap> pairs_of(const set_report& set) {
  auto pairs = set.same_subject_days;
  for (const auto& pair : set.same_events) {
    if (find(pairs, pair) == nullptr) pairs.push_back(pair);
  }
  const auto likeness = [&](const overlap& pair) {
    const auto* events = find(set.same_events, pair);
    const auto* days = find(set.same_subject_days, pair);
    return std::max(events != nullptr ? events->jaccard() : 0, days != nullptr ? days->jaccard() : 0);
  };
  std::ranges::stable_sort(pairs, std::greater{}, likeness);
  return pairs;
}

std::string overlaps_of(const set_report& set) {
  const auto pairs = pairs_of(set);
  if (pairs.empty()) return "  no two rules alerted on the same event, or on the same subject on the same day\n";
  text_table table({"rules", "", "same events", "same subject and day"}, {1});
  for (std::size_t i = 0; i < std::min(pairs.size(), overlaps_max); ++i) {
    table.add({named(set.rules[pairs[i].first]), named(set.rules[pairs[i].second]),
               shared(find(set.same_events, pairs[i])), shared(find(set.same_subject_days, pairs[i]))});
  }
  auto text = table.text();
  if (pairs.size() > overlaps_max) text += fmt::format("  and {} more pairs\n", pairs.size() - overlaps_max);
  return text;
}

// ---- against --------------------------------------------------------------------------------------------------------

std::string examples(const rule_difference& difference, bool old_ones) {
  std::string text;
  for (const auto& example : old_ones ? difference.examples_old : difference.examples_new) {
    const auto line =
        fmt::format("    {} {}: {} at {}, events {}", difference.name, old_ones ? "only old" : "only new",
                    example.subject.empty() ? "-" : example.subject, stream::to_rfc3339(example.at), example.events);
    text += fitted(line, width) + '\n';
  }
  return text;
}

std::string differences_of(const report& r) {
  text_table table({"rule", "only old", "only new", "both", ""}, {4});
  std::string shown;
  for (const auto& d : r.differences) {
    const auto remark = !d.in_old ? "new rule" : !d.in_new ? "gone" : d.only_old + d.only_new == 0 ? "the same" : "";
    table.add({fitted(d.name, name_width), grouped(d.only_old), grouped(d.only_new), grouped(d.both), remark});
    if (d.in_old && d.in_new) shown += examples(d, true) + examples(d, false);
  }
  return table.text() + (shown.empty() ? "" : "  Examples\n" + shown);
}

std::string scored(const report& r) {
  auto text = "\n" + labels_of(*r.known) + scores_of(r.now);
  if (r.before) text += "Against\n" + scores_of(*r.before);
  for (const auto& sentence : score_definition()) text += wrapped(sentence, width, "  ");
  return text;
}

}  // namespace

std::string as_text(const report& r) {
  const auto days = r.days();
  auto text = head(r) + "\nAlerts\n" + alerts_of(r.now, days);
  if (r.before) text += "Against\n" + alerts_of(*r.before, days);
  if (r.known) text += scored(r);
  if (r.now.rules.size() > 1) {
    text += "\nOverlap: how many both rules alerted on (and the part of all that either did)\n" + overlaps_of(r.now);
  }
  if (r.before) {
    text += "\nOld and new: the same alert has the rule's name, subject, time and event ids\n" + differences_of(r);
  }
  return text;
}

}  // namespace weir::backtest
