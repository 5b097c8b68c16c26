#include "apps/weir/backtest/comparison.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>

namespace weir::backtest {

namespace {

using alerts_of_rule = std::vector<const kept_alert*>;

std::map<std::string, alerts_of_rule> by_name(const replay& run) {
  const auto active = run.program().active();
  std::map<std::string, alerts_of_rule> found;
  for (const auto* rule : active) found[rule->name];
  for (const auto& alert : run.alerts().alerts()) found[active[alert.rule]->name].push_back(&alert);
  return found;
}

/// The alerts of one rule in both sets, in an order that does not depend on the set.
class rule_comparison {
 public:
  rule_comparison(const tally& old_alerts, const tally& new_alerts) : old_(old_alerts), new_(new_alerts) {}

  void compare(alerts_of_rule before, alerts_of_rule now, rule_difference& into) const {
    const auto key_old = [this](const kept_alert* a) { return key(old_, *a); };
    const auto key_new = [this](const kept_alert* a) { return key(new_, *a); };
    std::ranges::sort(before, {}, key_old);
    std::ranges::sort(now, {}, key_new);
    alerts_of_rule gone;
    alerts_of_rule added;
    std::ranges::set_difference(before, now, std::back_inserter(gone), {}, key_old, key_new);
    std::ranges::set_difference(now, before, std::back_inserter(added), {}, key_new, key_old);
    into.only_old = gone.size();
    into.only_new = added.size();
    into.both = now.size() - added.size();
    into.examples_old = examples(old_, gone);
    into.examples_new = examples(new_, added);
  }

 private:
  using alert_key = std::tuple<stream::timestamp, const std::string&, const std::string&>;

  static alert_key key(const tally& from, const kept_alert& a) { return {a.at, from.subject_of(a), from.ids_of(a)}; }

  static std::vector<alert_example> examples(const tally& from, const alerts_of_rule& alerts) {
    std::vector<alert_example> shown;
    for (const auto* a : alerts) {
      if (shown.size() == rule_difference::examples_max) break;
      shown.push_back({.subject = from.subject_of(*a), .at = a->at, .events = from.ids_of(*a)});
    }
    return shown;
  }

  const tally& old_;
  const tally& new_;
};

std::vector<std::string> names_in_order(const replay& old_rules, const replay& new_rules) {
  std::vector<std::string> names;
  for (const auto* run : {&new_rules, &old_rules}) {
    for (const auto* rule : run->program().active()) {
      if (std::ranges::find(names, rule->name) == names.end()) names.push_back(rule->name);
    }
  }
  return names;
}

}  // namespace

std::vector<rule_difference> compare(const replay& old_rules, const replay& new_rules) {
  const auto before = by_name(old_rules);
  const auto now = by_name(new_rules);
  const rule_comparison comparison(old_rules.alerts(), new_rules.alerts());
  const auto alerts_in = [](const auto& set, const std::string& name) {
    const auto found = set.find(name);
    return found == set.end() ? alerts_of_rule{} : found->second;
  };
  std::vector<rule_difference> differences;
  for (const auto& name : names_in_order(old_rules, new_rules)) {
    auto& made = differences.emplace_back();
    made.name = name;
    made.in_old = before.contains(name);
    made.in_new = now.contains(name);
    comparison.compare(alerts_in(before, name), alerts_in(now, name), made);
  }
  return differences;
}

}  // namespace weir::backtest
