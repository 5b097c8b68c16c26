#include <nlohmann/json.hpp>

#include "apps/weir/backtest/report.hpp"

namespace weir::backtest {

namespace {

using json = nlohmann::ordered_json;

json or_null(std::optional<double> number) { return number ? json(*number) : json(nullptr); }

json to_json(const score& s) {
  return {{"alerts", s.alerts},
          {"true_alerts", s.true_alerts},
          {"cases", s.cases},
          {"own_cases", s.own_cases},
          {"found", s.found},
          {"precision", or_null(s.precision())},
          {"recall", or_null(s.recall())},
          {"f1", or_null(s.f1())}};
}

json counts_of(const rule_report& rule) {
  json days = json::object();
  for (const auto& [day, count] : rule.by_day) days[to_text(day)] = count;
  json written{{"alerts", rule.alerts}, {"suppressed", rule.suppressed}, {"subjects", rule.subjects}, {"by_day", days}};
  if (rule.scored) written["score"] = to_json(*rule.scored);
  return written;
}

json to_json(const rule_report& rule) {
  json written{{"name", rule.name}, {"version", rule.version}, {"severity", rule.severity}, {"mode", rule.mode}};
  written.update(counts_of(rule));
  return written;
}

json overlaps_of(const set_report& set, const std::vector<overlap>& pairs) {
  json written = json::array();
  for (const auto& pair : pairs) {
    written.push_back({{"rules", {set.rules[pair.first].name, set.rules[pair.second].name}},
                       {"common", pair.common},
                       {"either", pair.either},
                       {"jaccard", pair.jaccard()}});
  }
  return written;
}

json to_json(const set_report& set) {
  json rules = json::array();
  for (const auto& rule : set.rules) rules.push_back(to_json(rule));
  return {{"files", set.files},
          {"rules", rules},
          {"all", counts_of(set.all)},
          {"overlap",
           {{"events", overlaps_of(set, set.same_events)}, {"subject_days", overlaps_of(set, set.same_subject_days)}}}};
}

json to_json(const input_count& input, const std::vector<std::string>& names) {
  json written{{"sources", names}, {"events", input.events}, {"late", input.late}, {"bad", input.bad}};
  if (!input.first) return written;
  written["first"] = stream::to_rfc3339(*input.first);
  written["last"] = stream::to_rfc3339(input.last);
  return written;
}

json to_json(const labels_report& known) {
  return {{"files", known.files},
          {"events", known.events},
          {"subjects", known.subjects},
          {"cases", known.cases},
          {"cases_in_input", known.cases_in_input},
          {"kinds", known.kinds},
          {"definition", score_definition()}};
}

json to_json(const std::vector<alert_example>& examples) {
  json written = json::array();
  for (const auto& e : examples) {
    written.push_back({{"subject", e.subject}, {"event_time", stream::to_rfc3339(e.at)}, {"events", e.events}});
  }
  return written;
}

json to_json(const rule_difference& d) {
  return {{"rule", d.name},
          {"in_old", d.in_old},
          {"in_new", d.in_new},
          {"only_old", d.only_old},
          {"only_new", d.only_new},
          {"both", d.both},
          {"examples", {{"only_old", to_json(d.examples_old)}, {"only_new", to_json(d.examples_new)}}}};
}

}  // namespace

std::string as_json(const report& r) {
  json written{{"input", to_json(r.input, r.inputs)}};
  written.update(to_json(r.now));
  if (r.known) written["labels"] = to_json(*r.known);
  if (r.before) {
    written["against"] = to_json(*r.before);
    auto& differences = written["against"]["differences"] = json::array();
    for (const auto& d : r.differences) differences.push_back(to_json(d));
  }
  return written.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace weir::backtest
