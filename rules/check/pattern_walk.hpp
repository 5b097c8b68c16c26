#pragma once

#include "rules/program.hpp"

namespace weir::rules {

/// Whether the node reads a field of an event: the one at hand, or what a step has bound.
inline bool reads_step(const cep::expression& e) {
  using enum cep::operation;
  const bool of_run = e.op == over_run && e.function != cep::aggregate_function::count;
  return e.op == bound_field || e.op == first_field || of_run;
}
inline bool reads_field(const cep::expression& e) { return e.op == cep::operation::field || reads_step(e); }

/// Calls `visit(expression, event)` for the expression and all in it; `event` is the type of the event at hand or of
/// the step that is read, where the node reads a field.
template <class Expression, class Visit>
void walk(Expression& e, stream::event_type_id at_hand, const std::vector<stream::event_type_id>& steps, Visit& visit) {
  visit(e, reads_step(e) && e.index < steps.size() ? steps[e.index] : at_hand);
  for (auto& arg : e.args) walk(arg, at_hand, steps, visit);
}

/// Visits every filter of the rule's pattern, and every expression of the rule: its pattern's, its reason's and its
/// `raise`'s. `Visitor` has `filter(event_filter&)`, `expression(expression&, event_type_id)` and
/// `aggregate(aggregate&)`.
template <class Rule, class Visitor>
void walk_rule(Rule& r, Visitor& visitor) {
  std::vector<stream::event_type_id> steps;
  for (const auto* step : cep::steps_of(r.pattern)) steps.push_back(step->events.type);
  auto visit = [&](auto& e, stream::event_type_id event) { visitor.expression(e, event); };
  const auto in_filter = [&](auto& events) {
    walk(events.where, events.type, steps, visit);
    visitor.filter(events);
  };
  for (auto& part : r.pattern.body.parts) {
    if (auto* group = std::get_if<cep::step_group>(&part)) {
      for (auto& step : group->steps) in_filter(step.events);
    } else {
      in_filter(std::get<cep::absence>(part).events);
    }
  }
  for (auto& a : r.pattern.aggregates) {
    visitor.aggregate(a);
    in_filter(a.events);
  }
  walk(r.pattern.condition, {}, steps, visit);
  for (auto& call : r.pattern.graph_calls) walk(call, {}, steps, visit);
  if (r.pattern.suppress) {
    for (auto& key : r.pattern.suppress->by) walk(key, {}, steps, visit);
  }
  for (auto& part : r.reason) {
    if (auto* e = std::get_if<cep::expression>(&part)) walk(*e, {}, steps, visit);
  }
  if (!r.raise) return;
  for (auto& [field, value] : r.raise->fields) walk(value, {}, steps, visit);
}

}  // namespace weir::rules
