#include "rules/test_runner.hpp"

#include <algorithm>

#include "cep/engine.hpp"

namespace weir::rules {
namespace {

struct raised {
  std::vector<std::string> subject;
  stream::timestamp at;
};

std::string time_text(stream::timestamp at) { return stream::to_text(at.time_since_epoch()); }

// "C1", "C1, m1"
std::string subject_text(const std::vector<std::string>& values) {
  std::string text;
  for (const auto& value : values) text += (text.empty() ? "" : ", ") + value;
  return text;
}

// "C1 at 9m"
std::string to_text(const raised& alert) {
  return (alert.subject.empty() ? "" : subject_text(alert.subject) + " ") + "at " + time_text(alert.at);
}

// "for C1 at 9m"
std::string for_subject(const raised& alert) { return (alert.subject.empty() ? "" : "for ") + to_text(alert); }

std::string to_text(const std::vector<raised>& alerts) {
  constexpr std::size_t shown_max = 5;
  if (alerts.empty()) return "none";
  std::string text;
  for (std::size_t i = 0; i < alerts.size() && i < shown_max; ++i) text += (i > 0 ? ", " : "") + to_text(alerts[i]);
  if (alerts.size() > shown_max) text += " and " + std::to_string(alerts.size() - shown_max) + " more";
  return text;
}

// ---- the events, put in a batch

struct push_value {
  stream::column& column;
  const stream::field& field;
  stream::symbols& names;

  void operator()(bool value) const { column.push_boolean(value); }
  void operator()(cep::int128 value) const { column.push_number(static_cast<std::int64_t>(value)); }
  void operator()(double value) const { column.push_real(value); }
  void operator()(const stream::ip_address& value) const { column.push_address(value); }
  void operator()(const std::string& value) const {
    if (field.type.kind == stream::type_kind::entity || field.interned) {
      column.push_id(names.of(field.type).intern(value));
    } else {
      column.push_text(value);
    }
  }
};

void push_event(stream::batch& into, const test_event& event, std::uint64_t line, const stream::schema& types,
                stream::symbols& names) {
  auto& table = into[event.type];
  const auto& fields = types[event.type].fields;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const auto id = static_cast<stream::field_id>(i);
    const auto value = std::ranges::find(event.fields, id, [](const auto& f) { return f.first; });
    if (value == event.fields.end()) {
      table[id].push_missing();
    } else {
      std::visit(push_value{table[id], fields[i], names}, value->second);
    }
  }
  table.close_row(event.at, {.source = {}, .position = line});
}

std::vector<raised> alerts_of(const rule& tested, const rule_test& test, const program& rules) {
  stream::symbols names(rules.schema);
  cep::engine engine({tested.pattern}, rules.data, rules.schema, names);
  stream::batch batch(rules.schema);
  for (std::size_t i = 0; i < test.events.size(); ++i) push_event(batch, test.events[i], i, rules.schema, names);
  batch.order_all();
  batch.set_watermark(stream::end_of_time);  // every deadline passes after the last line
  stream::event_log log;
  log.append(std::move(batch));

  std::vector<raised> alerts;
  for (const auto& match : engine.advance(log)) {
    raised alert{{}, match.at};
    for (std::size_t i = 0; i < tested.pattern.subjects.size(); ++i) {
      alert.subject.emplace_back(names.of(tested.pattern.subjects[i])[match.subject[i]]);
    }
    alerts.push_back(std::move(alert));
  }
  return alerts;
}

// ---- what was expected

bool describes(const expectation& e, const raised& alert) {
  return (e.subject.empty() || e.subject == alert.subject) && (!e.at || *e.at == alert.at);
}

bool same_description(const expectation& a, const expectation& b) { return a.subject == b.subject && a.at == b.at; }

std::string description(const expectation& e) {
  std::string text;
  if (!e.subject.empty()) text += " for " + subject_text(e.subject);
  if (e.at) text += " at " + time_text(*e.at);
  return text;
}

std::string expected_count(const expectation& e, std::size_t count) {
  if (count == 0) return "expected no alert" + description(e);
  if (count == 1) return "expected an alert" + description(e);
  return "expected " + std::to_string(count) + " alerts" + description(e);
}

// Each line counts the alerts it describes; lines that describe the same add up. And some line must describe each.
std::vector<std::string> compare(const std::vector<expectation>& expected, const std::vector<raised>& alerts) {
  std::vector<std::string> failures;
  for (auto e = expected.begin(); e != expected.end(); ++e) {
    const auto same = [&](const expectation& other) { return same_description(*e, other); };
    if (std::any_of(expected.begin(), e, same)) continue;
    std::size_t wanted = 0;
    for (const auto& other : expected) wanted += same(other) ? other.alerts : 0;
    const auto came = std::ranges::count_if(alerts, [&](const raised& a) { return describes(*e, a); });
    if (static_cast<std::size_t>(came) == wanted) continue;
    auto failure = expected_count(*e, wanted) + "; came";
    if (came > 0 && wanted > 0) failure += " " + std::to_string(came);
    failures.push_back(failure + ": " + to_text(alerts));
  }
  if (!failures.empty()) return failures;  // which say all that came
  for (const auto& alert : alerts) {
    const bool known = std::ranges::any_of(expected, [&](const expectation& e) { return describes(e, alert); });
    if (!known) failures.push_back("no line expects the alert " + for_subject(alert));
  }
  return failures;
}

}  // namespace

std::vector<test_outcome> run_tests(const program& rules) {
  std::vector<test_outcome> outcomes;
  for (const auto& r : rules.rules) {
    for (const auto& test : r.tests) {
      outcomes.push_back({r.name, test.name, test.where, compare(test.expectations, alerts_of(r, test, rules))});
    }
  }
  return outcomes;
}

}  // namespace weir::rules
