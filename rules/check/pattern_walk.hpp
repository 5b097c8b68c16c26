#pragma once

#include "rules/program.hpp"

namespace weir::rules {

/// Calls `visit(expression, event)` for the expression and all in it; `event` is the type of the event at hand or of
/// the step that is read, where the node reads a field.
template <class Expression, class Visit>
void walk(Expression& e, stream::event_type_id at_hand, const std::vector<stream::event_type_id>& steps, Visit& visit) {
  const bool bound = e.op == cep::operation::bound_field;
  visit(e, bound && e.index < steps.size() ? steps[e.index] : at_hand);
  for (auto& arg : e.args) walk(arg, at_hand, steps, visit);
}

/// Visits every filter of the rule's pattern, and every expression of the rule: its pattern's and its reason's.
/// `Visitor` has `filter(event_filter&)`, `expression(expression&, event_type_id)` and `aggregate(aggregate&)`.
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
    std::visit([&](auto& p) { in_filter(p.events); }, part);
  }
  for (auto& a : r.pattern.aggregates) {
    visitor.aggregate(a);
    in_filter(a.events);
  }
  walk(r.pattern.condition, {}, steps, visit);
  if (r.pattern.suppress) {
    for (auto& key : r.pattern.suppress->by) walk(key, {}, steps, visit);
  }
  for (auto& part : r.reason) {
    if (auto* e = std::get_if<cep::expression>(&part)) walk(*e, {}, steps, visit);
  }
}

}  // namespace weir::rules
