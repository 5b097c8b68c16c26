#include "rules/check/strata.hpp"

#include <algorithm>

#include "rules/check/pattern_walk.hpp"

namespace weir::rules {
namespace {

/// Those of the graphs that it asks, too.
struct types_matched {
  const std::vector<cep::graph_shape>& graphs;
  std::set<stream::event_type_id> types{};

  void expression(const cep::expression& e, stream::event_type_id) {
    if (e.question) types.insert(graphs[e.question->graph].event);
  }
  void aggregate(const cep::aggregate&) {}
  void filter(const cep::event_filter& events) { types.insert(events.type); }
};

struct inputs_read {
  std::set<rule_input> inputs;

  void expression(const cep::expression& e, stream::event_type_id) {
    using enum cep::operation;
    if (e.op == in_list) inputs.insert({rule_input::kind::list, e.index});
    if (e.op == table_field || e.op == in_table) inputs.insert({rule_input::kind::table, e.index});
    if (e.op == score) inputs.insert({rule_input::kind::model, e.index});
    if (e.question && e.question->list) inputs.insert({rule_input::kind::list, *e.question->list});
  }
  void aggregate(const cep::aggregate&) {}
  void filter(const cep::event_filter&) {}
};

class ranking {
 public:
  ranking(std::vector<rule>& rules, workplace& work) : rules_(rules), work_(work), states_(rules.size()) {
    for (std::size_t i = 0; i < rules.size(); ++i) {
      if (rules[i].raise) raising_.emplace(rules[i].raise->type, i);
      types_matched matched{work.names.data.graphs};
      walk_rule(std::as_const(rules[i]), matched);
      matched_.push_back(std::move(matched.types));
    }
  }

  void run() {
    for (std::size_t i = 0; i < rules_.size(); ++i) visit(i);
  }

 private:
  enum class state : std::uint8_t { not_yet, underway, done };

  void visit(std::size_t i) {
    if (states_[i] == state::underway) return complain_of_circle(i);
    if (states_[i] == state::done) return;
    states_[i] = state::underway;
    underway_.push_back(i);
    for (const auto type : matched_[i]) {
      const auto [first, last] = raising_.equal_range(type);
      for (auto from = first; from != last; ++from) {
        visit(from->second);
        rules_[i].stratum = std::max(rules_[i].stratum, rules_[from->second].stratum + 1);
      }
    }
    underway_.pop_back();
    states_[i] = state::done;
  }

  // The rules from the one that was come back to, each of which matches what the next one raises.
  void complain_of_circle(std::size_t again) {
    const auto begin = std::ranges::find(underway_, again);
    std::vector<std::size_t> circle(begin, underway_.end());
    std::ranges::reverse(circle);  // each raises what the next one matches; the first is the first of the files
    std::ranges::rotate(circle, std::ranges::min_element(circle));
    std::vector<std::string> names;
    for (const std::size_t i : circle) names.push_back(quoted(rules_[i].name));
    const auto raised = [&](std::size_t i) { return quoted(work_.names.schema[rules_[i].raise->type].name); };
    if (names.size() == 1) {
      return work_.found.error(rules_[again].where,
                               names.front() + " matches " + raised(again) + ", which it raises itself",
                               "let it raise another event");
    }
    work_.found.error(rules_[circle.front()].where,
                      "the rules " + listed(names) + " raise and match each other in a circle",
                      "one of them has to do without the events of the others");
  }

  std::vector<rule>& rules_;
  workplace& work_;
  std::multimap<stream::event_type_id, std::size_t> raising_;
  std::vector<std::set<stream::event_type_id>> matched_;
  std::vector<state> states_;
  std::vector<std::size_t> underway_;
};

}  // namespace

void set_strata(std::vector<rule>& rules, workplace& work) { ranking(rules, work).run(); }

void set_inputs(rule& of) {
  inputs_read read;
  walk_rule(std::as_const(of), read);
  of.inputs.assign(read.inputs.begin(), read.inputs.end());
}

}  // namespace weir::rules
