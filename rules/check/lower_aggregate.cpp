#include <algorithm>

#include "rules/check/literals.hpp"
#include "rules/check/lower_expression.hpp"
#include "rules/check/pattern_walk.hpp"
#include "rules/check/subject.hpp"
#include "rules/syntax/spacing.hpp"

namespace weir::rules {
namespace {

using cep::aggregate_function;
using cep::unit;

const by_name<aggregate_function> functions = {{"count", aggregate_function::count},
                                               {"sum", aggregate_function::sum},
                                               {"avg", aggregate_function::avg},
                                               {"min", aggregate_function::min},
                                               {"max", aggregate_function::max},
                                               {"distinct", aggregate_function::distinct},
                                               {"first", aggregate_function::first},
                                               {"last", aggregate_function::last},
                                               {"stddev", aggregate_function::stddev},
                                               {"median", aggregate_function::percentile},
                                               {"percentile", aggregate_function::percentile}};

bool reads_bound_event(const cep::expression& e) {
  return reads_step(e) || e.op == cep::operation::over_run || std::ranges::any_of(e.args, reads_bound_event);
}

}  // namespace

bool expression_lowering::aggregates_may_stand(const ast::aggregate& e) {
  if (scope_.aggregates != nullptr) return true;
  complain(e, e.function.name == "prev" ? "`prev` can't stand here" : "an aggregate can't stand here",
           "aggregates are read in `when`, `unless` and `reason`");
  return false;
}

lowered expression_lowering::over_window(const ast::aggregate& e) {
  if (!aggregates_may_stand(e)) return std::nullopt;
  const auto function = function_of(e);
  const auto window = window_of(*e.window);
  const auto event = work_.names.events.find(e.event.name);
  if (event == work_.names.events.end()) return unknown_event(e.event);
  const auto events = filter_of(e, event->second);

  cep::aggregate result;
  result.type = count_type;
  if (e.field) {
    const readable_event any{.label = {}, .event = event->first, .type = event->second.id};
    const auto field = field_of(any, *e.field);
    if (!field || !function) return std::nullopt;
    const auto type = type_of(function->function, field->type, e, e.event.name);
    if (!type) return std::nullopt;
    result.field = field->field;
    result.type = *type;
  } else if (function && function->function != aggregate_function::count) {
    return complain(e, quoted(e.function.name) + " needs a field",
                    "write " + e.function.name + "(" + e.event.name + ".FIELD)");
  }
  if (!function || !window || !events || !may_be_correlated(*events, *window, e)) return std::nullopt;
  result.function = function->function;
  result.parameter = function->parameter;
  result.events = *events;
  result.window = *window;
  return enter(std::move(result), written(e));
}

// Windows that count what qualifies cannot wait to be told what does.
bool expression_lowering::may_be_correlated(const cep::event_filter& events, const cep::window& window,
                                            const ast::aggregate& e) {
  if (!reads_bound_event(events.where)) return true;
  if (e.function.name == "prev") {
    complain(e, "`prev` can't have a condition that reads another event", "compare the two in `when`");
    return false;
  }
  const bool session = std::holds_alternative<cep::session_extent>(window.extent);
  if (!session && !std::holds_alternative<cep::count_extent>(window.extent)) return true;
  complain(
      e,
      std::string(session ? "a session" : "a window of N events") + " can't have a condition that reads another event",
      "give the window a duration");
  return false;
}

// `sum(fail.amount)`: over the events that a step with a quantity has bound.
lowered expression_lowering::over_run(const ast::aggregate& e) {
  const auto* run = run_of(e);
  if (run == nullptr) return std::nullopt;
  const auto function = function_of(e);
  if (e.where) {
    return complain(*e.where, "a run is what its step says: it has no `where` of its own",
                    "put the condition on the step " + quoted(e.event.name));
  }
  if (!function) return std::nullopt;
  cep::expression result;
  result.op = cep::operation::over_run;
  result.index = run->step;
  result.function = function->function;
  result.parameter = function->parameter;
  result.type = count_type;
  if (!e.field) {
    if (function->function == aggregate_function::count) return result;
    return complain(e, quoted(e.function.name) + " needs a field",
                    "write " + e.function.name + "(" + e.event.name + ".FIELD)");
  }
  if (function->function == aggregate_function::count) {
    return complain(*e.field, "`count` counts the events of a run: it has no field here",
                    "write count(" + e.event.name + ")");
  }
  auto one = *run;
  one.run = false;
  const auto field = field_of(one, *e.field);
  if (!field) return std::nullopt;
  const auto type = type_of(function->function, field->type, e, run->event);
  if (!type) return std::nullopt;
  result.field = field->field;
  result.field_type = field->type;
  result.type = *type;
  return result;
}

std::optional<expression_lowering::function_asked> expression_lowering::function_of(const ast::aggregate& e) {
  const auto found = functions.find(e.function.name);
  if (found == functions.end()) {
    complain(e.function, "there is no aggregate " + quoted(e.function.name),
             did_you_mean(e.function.name, names_of(functions)));
    return std::nullopt;
  }
  if (e.function.name != "percentile") {
    if (!e.percent) return function_asked{found->second, e.function.name == "median" ? 0.5 : 0};
    complain(*e.percent, "only `percentile` takes a number", "leave it out");
    return std::nullopt;
  }
  const auto rank = rank_of(e);
  return rank ? std::optional(function_asked{found->second, *rank}) : std::nullopt;
}

std::optional<double> expression_lowering::rank_of(const ast::aggregate& e) {
  constexpr int digits_max = 10;
  const std::string wanted = "a percentile is a number from 0 to 100";
  if (!e.percent) {
    complain(e, "`percentile` needs to know which one", "write percentile(95, " + e.event.name + ".FIELD)");
    return std::nullopt;
  }
  const auto number = e.percent->currency ? std::nullopt : std::optional(number_value(*e.percent));
  if (!number || !*number) {
    complain(*e.percent, wanted);
    return std::nullopt;
  }
  const int digits = (*number)->type.digits;
  const auto count = std::get<cep::int128>((*number)->constant);
  if (digits > digits_max || count > *scaled(100, digits)) {
    complain(*e.percent, digits > digits_max ? "a percentile has at most ten digits after the point" : wanted);
    return std::nullopt;
  }
  return static_cast<double>(count) / static_cast<double>(*scaled(100, digits));
}

std::optional<cep::event_filter> expression_lowering::filter_of(const ast::aggregate& e, const declared_event& event) {
  cep::event_filter filter{.type = event.id, .keys = {}, .where = cep::always()};
  if (e.where) {
    auto inner = scope_;
    inner.here = readable_event{.label = {}, .event = e.event.name, .type = event.id};
    inner.aggregates = nullptr;
    inner.graph_calls = nullptr;
    auto where = expression_lowering(inner, work_).condition(*e.where);
    if (!where) return std::nullopt;
    filter.where = *std::move(where);
  }
  if (scope_.checking_let()) return filter;
  auto keyed = with_keys(std::move(filter), scope_.subjects, schema());
  if (keyed) return *std::move(keyed);
  if (work_.names.has_field_in_error(e.event.name)) return std::nullopt;
  complain(e, std::move(keyed.error().message), std::move(keyed.error().hint));
  return std::nullopt;
}

std::optional<cep::value_type> expression_lowering::type_of(aggregate_function f, const cep::value_type& field,
                                                            const ast::aggregate& e, const std::string& event) {
  using enum aggregate_function;
  if (f == count || f == distinct) return count_type;
  if (f == first || f == last) return field;
  const bool keeps_unit = f == min || f == max;
  if (!is_number(field) || (!keeps_unit && field.unit == unit::time)) {
    complain(e, "there is no " + e.function.name + " of " + quoted(event + "." + e.field->name) + ": it is " +
                    noun(field, schema()));
    return std::nullopt;
  }
  if (keeps_unit || f == sum) return field;
  return cep::value_type{.kind = cep::value_kind::real, .unit = field.unit, .currency = field.currency};
}

// The rule's own spelling, but for its layout.
std::string expression_lowering::written(const ast::located& e) const {
  return syntax::in_one_line(std::string_view(work_.files[scope_.file].text).substr(e.begin, e.end - e.begin));
}

lowered expression_lowering::enter(cep::aggregate aggregate, std::string name) {
  auto& read = *scope_.aggregates;
  const auto found = std::ranges::find(read.functions, aggregate);
  cep::expression result;
  result.op = cep::operation::aggregate;
  result.type = aggregate.type;
  result.index = static_cast<std::uint16_t>(found - read.functions.begin());
  if (found != read.functions.end()) return result;
  read.functions.push_back(std::move(aggregate));
  read.names.push_back(std::move(name));
  return result;
}

lowered expression_lowering::unknown_event(const ast::identifier& event) {
  auto hint = did_you_mean(event.name, names_of(work_.names.events));
  for (const auto& of_rule : scope_.events) {
    const auto known = work_.names.events.find(of_rule);
    if (!hint.empty() || known == work_.names.events.end()) continue;
    if (schema()[known->second.id].find(event.name)) hint = "name its event too: " + of_rule + "." + event.name;
  }
  return complain_unknown(event, "there is no event " + quoted(event.name), std::move(hint));
}

}  // namespace weir::rules
