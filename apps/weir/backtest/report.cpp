#include "apps/weir/backtest/report.hpp"

#include <algorithm>
#include <set>

namespace weir::backtest {

namespace {

std::optional<double> ratio(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

std::uint64_t subject_on_day(const kept_alert& a) {
  return std::uint64_t{a.subject} << 32 | static_cast<std::uint32_t>(day_of(a.at));
}

std::uint64_t count_different(std::vector<std::uint32_t>& numbers) {
  std::ranges::sort(numbers);
  return numbers.size() - std::ranges::unique(numbers).size();
}

void count_alerts(const replay& run, set_report& into) {
  std::vector<std::vector<std::uint32_t>> subjects(into.rules.size());
  std::vector<std::uint32_t> all_subjects;
  for (const auto& a : run.alerts().alerts()) {
    for (auto* counted : {&into.rules[a.rule], &into.all}) {
      ++counted->alerts;
      ++counted->by_day[day_of(a.at)];
    }
    subjects[a.rule].push_back(a.subject);
    all_subjects.push_back(a.subject);
  }
  for (std::size_t i = 0; i < subjects.size(); ++i) into.rules[i].subjects = count_different(subjects[i]);
  into.all.subjects = count_different(all_subjects);
}

void find_overlaps(const replay& run, set_report& into) {
  std::vector<mark> events;
  std::vector<mark> subject_days;
  for (const auto& a : run.alerts().alerts()) {
    for (const auto event : run.alerts().events_of(a)) {
      events.push_back({.thing = event, .rule = a.rule});
    }
    subject_days.push_back({.thing = subject_on_day(a), .rule = a.rule});
  }
  into.same_events = overlaps(std::move(events));
  into.same_subject_days = overlaps(std::move(subject_days));
}

/// The cases that `wanted` chooses, and which of them were touched.
template <class Wanted>
void count_cases(const labels& known, const std::vector<bool>& touched, Wanted wanted, score& into) {
  for (std::size_t i = 0; i < touched.size(); ++i) {
    const auto& known_case = known.cases()[i];
    if (!known_case.in_input || !wanted(known_case)) continue;
    ++into.cases;
    into.found += touched[i] ? 1 : 0;
  }
}

std::uint64_t count_true(const tally& alerts, std::optional<std::uint32_t> rule) {
  const auto counts = [&](const kept_alert& a) { return a.labelled && (!rule || a.rule == *rule); };
  return static_cast<std::uint64_t>(std::ranges::count_if(alerts.alerts(), counts));
}

void score_rules(const replay& run, const labels& known, set_report& into) {
  std::vector<bool> by_any(known.cases().size());
  for (std::uint32_t i = 0; i < into.rules.size(); ++i) {
    auto& rule = into.rules[i];
    const auto& touched = run.alerts().touched(i);
    for (std::size_t c = 0; c < touched.size(); ++c) by_any[c] = by_any[c] || touched[c];
    const auto is_own = [&](const labelled_case& c) { return c.kind == rule.name; };
    score s{.alerts = rule.alerts, .true_alerts = count_true(run.alerts(), i)};
    s.own_cases = std::ranges::any_of(known.cases(), is_own);
    count_cases(known, touched, [&](const labelled_case& c) { return !s.own_cases || is_own(c); }, s);
    rule.scored = s;
  }
  score all{.alerts = into.all.alerts, .true_alerts = count_true(run.alerts(), std::nullopt)};
  count_cases(known, by_any, [](const labelled_case&) { return true; }, all);
  into.all.scored = all;
}

void extend(std::optional<report::day_range>& range, day_number first, day_number last) {
  if (!range) range = report::day_range{.first = first, .last = last};
  range->first = std::min(range->first, first);
  range->last = std::max(range->last, last);
}

}  // namespace

std::optional<double> score::precision() const { return ratio(true_alerts, alerts); }

std::optional<double> score::recall() const { return ratio(found, cases); }

std::optional<double> score::f1() const {
  const auto p = precision();
  const auto r = recall();
  if (!p || !r) return std::nullopt;
  if (*p + *r == 0) return 0;
  return 2 * *p * *r / (*p + *r);
}

std::optional<report::day_range> report::days() const {
  std::optional<day_range> range;
  if (input.first) extend(range, day_of(*input.first), day_of(input.last));
  for (const auto* set : {&now, before ? &*before : &now}) {
    const auto& days = set->all.by_day;
    if (!days.empty()) extend(range, days.begin()->first, days.rbegin()->first);
  }
  return range;
}

set_report describe(const replay& run, std::vector<std::string> files, const labels* known) {
  set_report made;
  made.files = std::move(files);
  const auto suppressed = run.suppressed();
  for (const auto* rule : run.program().active()) {
    auto& row = made.rules.emplace_back();
    row.name = rule->name;
    row.severity = rules::to_text(rule->severity);
    row.mode = rules::to_text(rule->mode);
    row.version = rule->version;
    row.suppressed = suppressed[made.rules.size() - 1];
    made.all.suppressed += row.suppressed;
  }
  made.all.name = "all";
  count_alerts(run, made);
  find_overlaps(run, made);
  if (known != nullptr) score_rules(run, *known, made);
  return made;
}

labels_report describe(const labels& known, std::vector<std::string> files) {
  labels_report made;
  made.files = std::move(files);
  made.events = known.events();
  made.subjects = known.subjects();
  std::set<std::string> kinds;
  for (const auto& c : known.cases()) {
    ++made.cases;
    if (!c.in_input) continue;
    ++made.cases_in_input;
    if (!c.kind.empty()) kinds.insert(c.kind);
  }
  made.kinds.assign(kinds.begin(), kinds.end());
  return made;
}

const std::vector<std::string>& score_definition() {
  static const std::vector<std::string> sentences{
      "An alert is true if one of its events, or its subject, is labelled, whatever the label's kind.",
      "precision = true alerts / alerts.",
      std::string("A case is the labels of one number and kind; a label without a number is a case of its own. ") +
          "It counts if one of its events took part in the input, or if it labels a subject.",
      "A case is found if an alert has one of its events, or its subject.",
      std::string(
          "recall = cases found / cases: for a rule whose name is a label's kind, over the cases of that kind ") +
          "(*); for all others, and overall, over all cases.",
      "F1 = 2 * precision * recall / (precision + recall); 0 where both are 0.",
  };
  return sentences;
}

}  // namespace weir::backtest
