#include "tests/support/oracle.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>

#include "tests/support/naive_limits.hpp"
#include "tests/support/naive_match.hpp"
#include "tests/support/naive_question.hpp"
#include "tests/support/naive_window.hpp"

namespace weir::testing {
namespace {

/// The matches that end at one event, or at one deadline, for one subject; the latest first.
struct ended_matches {
  std::uint32_t pattern = 0;
  std::vector<naive_match> matches;

  const naive_match& latest() const { return matches.front(); }
};

/// From matches to alerts, for one pattern.
class pattern_alerts {
 public:
  pattern_alerts(const plain_run& run, std::uint32_t pattern) : run_(run), number_(pattern) {
    if (this->pattern().limits.any()) limits_ = std::make_shared<naive_limits>(this->pattern(), stream());
  }

  /// "One alert for every event at which at least one match that counts ends; for an absence, one for every last event
  /// and deadline of it that passes. Its evidence is the latest match of those. Under `emit all limit N` there is one
  /// for each match, from the latest to the earliest, at most N at one end."
  std::vector<ended_matches> ends() const {
    std::vector<ended_matches> all;
    std::vector<naive_match> matches = all_matches(pattern(), stream(), run_.final_watermark);
    std::ranges::sort(matches, [](const naive_match& a, const naive_match& b) {
      return std::tie(a.subject, a.end.place, a.end.at) < std::tie(b.subject, b.end.place, b.end.at) ||
             (ends_together(a, b) && compare(a, b) > 0);
    });
    for (naive_match& m : matches) {
      const bool same_end = !all.empty() && ends_together(all.back().latest(), m);
      if (same_end && (all.back().matches.size() == limit() || is_one_of(all.back().matches, m))) continue;
      if (!counts(m)) continue;
      if (!same_end) all.push_back({number_, {}});
      all.back().matches.push_back(std::move(m));
    }
    return all;
  }

  plain_alert alert_of(const naive_match& match) const {
    plain_alert alert{.pattern = number_, .subject = match.subject, .at = match.end.at};
    for (std::size_t step = 0; step < match.bound.size(); ++step) {
      for (const std::size_t place : match.bound[step]) alert.events.push_back({place, step});
    }
    alert.aggregates = aggregates_of(match);
    for (const cep::aggregate& a : pattern().aggregates) {
      alert.tolerances.push_back(tolerance_at(a, match.end, context_of(match)));
    }
    for (const cep::expression& call : pattern().graph_calls) {
      alert.aggregates.push_back(answer(call, context_of(match)));
      alert.tolerances.push_back(tolerance_of(call, context_of(match)));
    }
    return alert;
  }

  naive_value value_of(const cep::expression& e, const naive_match& match) const {
    const std::vector<naive_value> aggregates = aggregates_of(match);
    naive_context context = context_of(match);
    context.aggregates = aggregates;
    return evaluate(e, context);
  }

  const cep::pattern& pattern() const { return run_.patterns[number_]; }

  /// "The run ends at that event": whether the match ends before.
  bool comes_before_stop(const match_end& end) const {
    if (!limits_ || !limits_->stop()) return true;
    return end.is_deadline ? end.at < run_.events[*limits_->stop()].at : end.place < *limits_->stop();
  }

 private:
  static bool ends_together(const naive_match& a, const naive_match& b) {
    return std::tie(a.subject, a.end.place, a.end.at) == std::tie(b.subject, b.end.place, b.end.at);
  }

  // "Two that bind the same events in the same order are one."
  static bool is_one_of(const std::vector<naive_match>& matches, const naive_match& m) {
    return std::ranges::any_of(matches, [&](const naive_match& other) { return other.events() == m.events(); });
  }

  std::size_t limit() const { return pattern().emit == cep::emission::all ? pattern().emit_limit : 1; }

  // "It counts if `when` holds there and `unless` does not."
  bool counts(const naive_match& match) const {
    const naive_value v = value_of(pattern().condition, match);
    const bool* truth = std::get_if<bool>(&v);
    return truth && *truth;
  }

  // "values (each aggregate … that the rule read)", as of the end of the match.
  std::vector<naive_value> aggregates_of(const naive_match& match) const {
    std::vector<naive_value> values;
    for (const cep::aggregate& a : pattern().aggregates) {
      values.push_back(aggregate_at(a, match.end, context_of(match)));
    }
    return values;
  }

  naive_context stream() const {
    return {.types = &run_.types, .events = run_.events, .data = &run_.data, .limits = limits_.get()};
  }

  naive_context context_of(const naive_match& match) const {
    naive_context context = stream();
    context.bound = match.bound;
    context.subject = match.subject;
    context.now = {.at = match.end.at, .place = match.end.is_deadline ? std::nullopt : std::optional(match.end.place)};
    return context;
  }

  const plain_run& run_;
  std::uint32_t number_;
  std::shared_ptr<const naive_limits> limits_;  // shared by copies, since it takes long to find
};

/// What `emit first` and `suppress` let out of one pattern's alerts, which come in order.
class alert_gate {
 public:
  explicit alert_gate(const pattern_alerts& alerts) : alerts_(alerts) {}

  bool lets_out(plain_alert& alert, const naive_match& match) {
    return !silenced_by_first(alert) && !suppressed(alert, match);
  }

 private:
  struct silence {
    std::vector<naive_value> key;
    stream::timestamp last;
    std::uint64_t kept_back = 0;
  };

  const cep::pattern& pattern() const { return alerts_.pattern(); }

  static std::vector<naive_value> key_of(const std::vector<std::string>& subject) {
    return {subject.begin(), subject.end()};
  }

  static silence* find(std::vector<silence>& silences, const std::vector<naive_value>& key) {
    const auto it = std::ranges::find(silences, key, &silence::key);
    return it == silences.end() ? nullptr : &*it;
  }

  // "`emit first`: the same with the match's `within` as D, and always by subject."
  bool silenced_by_first(const plain_alert& alert) {
    if (pattern().emit != cep::emission::first) return false;
    const std::vector<naive_value> key = key_of(alert.subject);
    silence* earlier = find(first_, key);
    if (earlier && alert.at - earlier->last <= *pattern().body.within) return true;
    if (!earlier) earlier = &first_.emplace_back(silence{key, alert.at});
    earlier->last = alert.at;
    return false;
  }

  // "`suppress for D`: let a be an alert raised at the time t. Alerts of the same rule with the same key (the subject,
  // if `by` names no other) and a time ≤ t + D are counted, not raised. The first one after that is raised, tells the
  // count as `suppressed_count`, and begins anew."
  bool suppressed(plain_alert& alert, const naive_match& match) {
    if (!pattern().suppress) return false;
    const std::vector<naive_value> key = suppression_key(match);
    silence* earlier = find(suppressed_, key);
    if (earlier && alert.at - earlier->last <= pattern().suppress->length) {
      ++earlier->kept_back;
      return true;
    }
    if (!earlier) earlier = &suppressed_.emplace_back(silence{key, alert.at});
    earlier->last = alert.at;
    alert.suppressed = std::exchange(earlier->kept_back, 0);
    return false;
  }

  std::vector<naive_value> suppression_key(const naive_match& match) const {
    if (pattern().suppress->by.empty()) return key_of(match.subject);
    std::vector<naive_value> key;
    for (const cep::expression& e : pattern().suppress->by) key.push_back(alerts_.value_of(e, match));
    return key;
  }

  const pattern_alerts& alerts_;
  std::vector<silence> first_;
  std::vector<silence> suppressed_;
};

// "Alerts leave in the order of (time, source, position, rule); an alert of a deadline d comes after those of events at
// d, and those of one deadline in the order of the events that the matches ended with, then of the rules." Of several
// subjects at one end and rule in the order of their names.
bool comes_before(const ended_matches& a, const ended_matches& b) {
  const auto order = [](const ended_matches& e) {
    const match_end& end = e.latest().end;
    return std::tie(end.at, end.is_deadline, end.place, e.pattern, e.latest().subject);
  };
  return order(a) < order(b);
}

}  // namespace

std::vector<plain_alert> find_alerts(const plain_run& run) {
  std::vector<pattern_alerts> patterns;
  std::vector<ended_matches> ends;
  for (std::uint32_t p = 0; p < run.patterns.size(); ++p) {
    patterns.emplace_back(run, p);
    std::ranges::move(patterns.back().ends(), std::back_inserter(ends));
  }
  std::ranges::sort(ends, comes_before);
  std::vector<alert_gate> gates(patterns.begin(), patterns.end());
  std::vector<plain_alert> alerts;
  for (const ended_matches& ended : ends) {
    const auto goes_on = [&](const pattern_alerts& p) { return p.comes_before_stop(ended.latest().end); };
    if (!std::ranges::all_of(patterns, goes_on)) break;
    for (const naive_match& match : ended.matches) {
      plain_alert alert = patterns[ended.pattern].alert_of(match);
      if (gates[ended.pattern].lets_out(alert, match)) alerts.push_back(std::move(alert));
    }
  }
  return alerts;
}

std::vector<cep::pattern_counters> find_limited(const plain_run& run) {
  std::vector<cep::pattern_counters> counted;
  const naive_context stream{.types = &run.types, .events = run.events, .data = &run.data};
  for (const cep::pattern& p : run.patterns) {
    counted.emplace_back();
    if (p.limits.any()) counted.back() = naive_limits(p, stream).counted();
  }
  return counted;
}

}  // namespace weir::testing
