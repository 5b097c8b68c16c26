#include "tests/support/oracle.hpp"

#include <algorithm>
#include <optional>
#include <tuple>

#include "tests/support/naive_window.hpp"

namespace weir::testing {
namespace {

using places = std::vector<std::size_t>;

/// The matches of one pattern, by trying every tuple of events.
class pattern_matches {
 public:
  pattern_matches(const plain_run& run, const cep::pattern& pattern) : run_(run), pattern_(pattern) {
    for (const auto& part : pattern.body.parts) {
      if (const auto* group = std::get_if<cep::step_group>(&part)) steps_.push_back(&group->steps.front());
    }
    last_absence_ = std::get_if<cep::absence>(&pattern.body.parts.back());
  }

  const cep::absence* last_absence() const { return last_absence_; }

  /// "A rule alerts at an event exactly when a match ends there"; "its evidence is the match whose first event is
  /// latest (then second, …)". `when` and `unless` filter: the evidence is the latest among those for which they hold.
  std::optional<places> latest_ending_at(const match_end& end) const {
    std::optional<places> latest;
    for (const places& match : all_ending_at(end)) {
      if (context_holds(match, end) && (!latest || *latest < match)) latest = match;
    }
    return latest;
  }

  std::string subject_of(const places& match) const { return *subject_at(match.back()); }

  /// "values (each aggregate … that the rule read)", as of the end of the match.
  std::vector<naive_value> aggregates_of(const places& match, const match_end& end) const {
    const std::string subject = subject_of(match);
    const naive_context context = context_of(match, subject);
    std::vector<naive_value> values;
    for (const cep::aggregate& a : pattern_.aggregates) values.push_back(aggregate_at(a, end, context));
    return values;
  }

  std::vector<double> tolerances_of(const places& match, const match_end& end) const {
    const std::string subject = subject_of(match);
    std::vector<double> tolerances;
    for (const cep::aggregate& a : pattern_.aggregates) {
      tolerances.push_back(tolerance_at(a, end, context_of(match, subject)));
    }
    return tolerances;
  }

  naive_value value_of(const cep::expression& e, const plain_alert& alert) const {
    naive_context context = context_of(alert.events, alert.subject);
    context.aggregates = alert.aggregates;
    return evaluate(e, context);
  }

 private:
  // "An event belongs to the subject through" its key. Nothing for an event that belongs to none.
  std::optional<std::string> subject_at(std::size_t place) const {
    const cep::event_filter& last = steps_.back()->events;
    if (run_.events[place].type != last.type) return std::nullopt;
    if (last.keys.empty()) return "";
    const naive_value subject = read_field(run_.events[place], last.keys.front());
    return is_missing(subject) ? std::nullopt : std::optional(std::get<std::string>(subject));
  }

  naive_context context_of(const places& bound, const std::string& subject) const {
    return {.types = &run_.types, .events = run_.events, .bound = bound, .subject = &subject, .data = &run_.data};
  }

  std::vector<places> all_ending_at(const match_end& end) const {
    const auto subject = subject_at(end.place);  // a rule "holds for each one apart"
    if (!subject) return {};
    std::vector<places> found;
    places bound;
    extend(bound, end, *subject, found);
    return found;
  }

  // "then is 'later in the stream's order, other events may come between'": every later event is tried for a step.
  void extend(places& bound, const match_end& end, const std::string& subject, std::vector<places>& found) const {
    if (bound.size() == steps_.size()) {
      if (is_within(bound) && all_absent(bound, end, subject)) found.push_back(bound);
      return;
    }
    const bool last_step = bound.size() + 1 == steps_.size();
    const std::size_t from = bound.empty() ? 0 : bound.back() + 1;
    for (std::size_t place = last_step ? std::max(from, end.place) : from; place <= end.place; ++place) {
      if (!qualifies(steps_[bound.size()]->events, place, context_of(bound, subject))) continue;
      bound.push_back(place);
      extend(bound, end, subject, found);
      bound.pop_back();
    }
  }

  // "within D (last line): time of the last event − time of the first ≤ D."
  bool is_within(const places& match) const {
    const auto& within = pattern_.body.within;
    return !within || run_.events[match.back()].at - run_.events[match.front()].at <= *within;
  }

  bool all_absent(const places& match, const match_end& end, const std::string& subject) const {
    std::size_t steps_before = 0;
    for (const auto& part : pattern_.body.parts) {
      if (std::holds_alternative<cep::step_group>(part)) {
        ++steps_before;
      } else if (!is_absent(std::get<cep::absence>(part), match, steps_before, end, subject)) {
        return false;
      }
    }
    return true;
  }

  bool is_absent(const cep::absence& absence, const places& match, std::size_t steps_before, const match_end& end,
                 const std::string& subject) const {
    const places bound(match.begin(), match.begin() + static_cast<std::ptrdiff_t>(steps_before));
    const std::size_t after = bound.back();
    // "no X between two steps: no such event strictly between them." At the end: "no X came later than a in order with
    // at ≤ deadline".
    const std::size_t before = steps_before < steps_.size() ? match[steps_before] : run_.events.size();
    for (std::size_t place = after + 1; place < before; ++place) {
      const bool too_late = steps_before == steps_.size() && run_.events[place].at > end.at;
      if (!too_late && qualifies(absence.events, place, context_of(bound, subject))) return false;
    }
    return true;
  }

  // "[when EXPR] [unless EXPR] judged where the match ends."
  bool context_holds(const places& match, const match_end& end) const {
    const std::string subject = subject_of(match);
    const std::vector<naive_value> aggregates = aggregates_of(match, end);
    naive_context context = context_of(match, subject);
    context.aggregates = aggregates;
    return holds(pattern_.condition, context);
  }

  const plain_run& run_;
  const cep::pattern& pattern_;
  std::vector<const cep::step*> steps_;
  const cep::absence* last_absence_ = nullptr;
};

/// What `emit first` and `suppress` let out of one pattern's alerts, which come in order.
class alert_gate {
 public:
  explicit alert_gate(const cep::pattern& pattern) : pattern_(pattern) {}

  bool lets_out(plain_alert& alert, const pattern_matches& matches) {
    return !silenced_by_first(alert) && !suppressed(alert, matches);
  }

 private:
  struct silence {
    std::vector<naive_value> key;
    stream::timestamp last;
    std::uint64_t kept_back = 0;
  };

  static silence* find(std::vector<silence>& silences, const std::vector<naive_value>& key) {
    const auto it = std::ranges::find(silences, key, &silence::key);
    return it == silences.end() ? nullptr : &*it;
  }

  // "first: the same, then silent for that subject until `within` has passed."
  bool silenced_by_first(const plain_alert& alert) {
    if (pattern_.emit != cep::emission::first) return false;
    const std::vector<naive_value> key{naive_value(alert.subject)};
    silence* earlier = find(first_, key);
    if (earlier && alert.at - earlier->last <= *pattern_.body.within) return true;
    if (!earlier) earlier = &first_.emplace_back(silence{key, alert.at});
    earlier->last = alert.at;
    return false;
  }

  // "suppress [by EXPR, …] for DURATION, default key: the subject": after an alert, further ones with an equal key are
  // counted, as long as they are no more than the duration later; the next that gets out tells the count.
  bool suppressed(plain_alert& alert, const pattern_matches& matches) {
    if (!pattern_.suppress) return false;
    const std::vector<naive_value> key = suppression_key(alert, matches);
    silence* earlier = find(suppressed_, key);
    if (earlier && alert.at - earlier->last <= pattern_.suppress->length) {
      ++earlier->kept_back;
      return true;
    }
    if (!earlier) earlier = &suppressed_.emplace_back(silence{key, alert.at});
    earlier->last = alert.at;
    alert.suppressed = std::exchange(earlier->kept_back, 0);
    return false;
  }

  std::vector<naive_value> suppression_key(const plain_alert& alert, const pattern_matches& matches) const {
    if (pattern_.suppress->by.empty()) return {naive_value(alert.subject)};
    std::vector<naive_value> key;
    for (const cep::expression& e : pattern_.suppress->by) key.push_back(matches.value_of(e, alert));
    return key;
  }

  const cep::pattern& pattern_;
  std::vector<silence> first_;
  std::vector<silence> suppressed_;
};

struct pattern_end {
  match_end end;
  std::uint32_t pattern = 0;
};

// Alerts leave "in (time, source, position, rule) order", a passed deadline after the events of its time, deadlines by
// the events they count from.
bool comes_before(const pattern_end& a, const pattern_end& b) {
  const auto order = [](const pattern_end& e) {
    return std::make_tuple(e.end.at, e.end.is_deadline, e.end.place, e.pattern);
  };
  return order(a) < order(b);
}

/// Every place where a match may end: each event, or "for an absence: every event whose deadline passes". "Deadlines
/// pass strictly: an absence with deadline d is decided when the watermark is greater than d."
std::vector<pattern_end> possible_ends(const plain_run& run, const std::vector<pattern_matches>& patterns) {
  std::vector<pattern_end> ends;
  for (std::uint32_t p = 0; p < patterns.size(); ++p) {
    const cep::absence* absence = patterns[p].last_absence();
    for (std::size_t place = 0; place < run.events.size(); ++place) {
      const stream::timestamp at = run.events[place].at;
      const stream::timestamp deadline = absence ? at + *absence->within : at;
      if (absence && run.final_watermark <= deadline) continue;
      ends.push_back({{deadline, place, absence != nullptr}, p});
    }
  }
  std::ranges::sort(ends, comes_before);
  return ends;
}

}  // namespace

std::vector<plain_alert> find_alerts(const plain_run& run) {
  std::vector<pattern_matches> patterns;
  std::vector<alert_gate> gates;
  for (const cep::pattern& p : run.patterns) {
    patterns.emplace_back(run, p);
    gates.emplace_back(p);
  }
  std::vector<plain_alert> alerts;
  for (const auto& [end, p] : possible_ends(run, patterns)) {
    const std::optional<places> match = patterns[p].latest_ending_at(end);
    if (!match) continue;
    plain_alert alert{p, patterns[p].subject_of(*match), end.at, *match, patterns[p].aggregates_of(*match, end)};
    alert.tolerances = patterns[p].tolerances_of(*match, end);
    if (gates[p].lets_out(alert, patterns[p])) alerts.push_back(std::move(alert));
  }
  return alerts;
}

}  // namespace weir::testing
