#include <algorithm>
#include <limits>

#include "rules/check/literals.hpp"
#include "rules/check/lower_expression.hpp"
#include "rules/check/subject.hpp"
#include "rules/syntax/spacing.hpp"

namespace weir::rules {
namespace {

using cep::aggregate_function;
using cep::unit;

const by_name<aggregate_function> functions = {
    {"count", aggregate_function::count}, {"sum", aggregate_function::sum},  {"avg", aggregate_function::avg},
    {"min", aggregate_function::min},     {"max", aggregate_function::max},  {"distinct", aggregate_function::distinct},
    {"first", aggregate_function::first}, {"last", aggregate_function::last}};

const std::set<std::string, std::less<>> functions_not_yet = {"stddev", "median", "percentile"};

bool reads_bound_event(const cep::expression& e) {
  return e.op == cep::operation::bound_field || std::ranges::any_of(e.args, reads_bound_event);
}

bool is_count_window(const cep::window& w) { return std::holds_alternative<cep::count_extent>(w.extent); }

}  // namespace

lowered expression_lowering::operator()(const ast::aggregate& e) {
  if (scope_.aggregates == nullptr) {
    return complain(e, "an aggregate can't stand here", "aggregates are read in `when`, `unless` and `reason`");
  }
  const auto function = function_of(e);
  const auto window = window_of(e.window);
  const auto event = work_.names.events.find(e.event.name);
  if (event == work_.names.events.end()) return unknown_event(e.event);
  const auto events = filter_of(e, event->second);

  cep::aggregate result;
  result.type = count_type;
  if (e.field) {
    const readable_event any{.label = {}, .event = event->first, .type = event->second.id};
    const auto field = field_of(any, *e.field);
    if (!field || !function) return std::nullopt;
    const auto type = type_of(*function, field->type, e);
    if (!type) return std::nullopt;
    result.field = field->field;
    result.type = *type;
  } else if (function && *function != aggregate_function::count) {
    return complain(e, quoted(e.function.name) + " needs a field",
                    "write " + e.function.name + "(" + e.event.name + ".FIELD)");
  }
  if (!function || !window || !events) return std::nullopt;
  if (is_count_window(*window) && reads_bound_event(events->where)) {
    return complain(e, "a window of N events can't have a condition that reads another event",
                    "give the window a duration");
  }
  result.function = *function;
  result.events = *events;
  result.window = *window;
  return enter(std::move(result), e);
}

std::optional<aggregate_function> expression_lowering::function_of(const ast::aggregate& e) {
  const auto found = functions.find(e.function.name);
  if (found != functions.end()) return found->second;
  if (functions_not_yet.contains(e.function.name)) {
    complain(e.function, quoted(e.function.name) + " is not in this version yet");
  } else {
    complain(e.function, "there is no aggregate " + quoted(e.function.name),
             did_you_mean(e.function.name, names_of(functions)));
  }
  return std::nullopt;
}

std::optional<cep::window> expression_lowering::window_of(const ast::window& w) {
  cep::window result;
  result.prior = w.prior;
  if (w.length) {
    const auto length = positive_duration(*w.length);
    if (!length) {
      complain(*w.length, length.error().message, length.error().hint);
      return std::nullopt;
    }
    result.extent = cep::time_extent{*length};
    return result;
  }
  const auto events = w.events ? whole_number(*w.events) : std::nullopt;
  if (!events || *events < 1 || *events > std::numeric_limits<std::uint32_t>::max()) {
    complain(w, "a window of events has a whole number of them, at least 1");
    return std::nullopt;
  }
  result.extent = cep::count_extent{static_cast<std::uint32_t>(*events)};
  return result;
}

std::optional<cep::event_filter> expression_lowering::filter_of(const ast::aggregate& e, const declared_event& event) {
  cep::event_filter filter{.type = event.id, .keys = {}, .where = cep::always()};
  if (e.where) {
    auto inner = scope_;
    inner.here = readable_event{.label = {}, .event = e.event.name, .type = event.id};
    inner.aggregates = nullptr;
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
                                                            const ast::aggregate& e) {
  using enum aggregate_function;
  if (f == count || f == distinct) return count_type;
  if (f == first || f == last) return field;
  const bool sums = f == sum || f == avg;
  if (!is_number(field) || (sums && field.unit == unit::time)) {
    complain(e, "there is no " + e.function.name + " of " + quoted(e.event.name + "." + e.field->name) + ": it is " +
                    noun(field, schema()));
    return std::nullopt;
  }
  if (f != avg) return field;
  return cep::value_type{.kind = cep::value_kind::real, .unit = field.unit, .currency = field.currency};
}

lowered expression_lowering::enter(cep::aggregate aggregate, const ast::aggregate& e) {
  auto& read = *scope_.aggregates;
  const auto found = std::ranges::find(read.functions, aggregate);
  cep::expression result;
  result.op = cep::operation::aggregate;
  result.type = aggregate.type;
  result.index = static_cast<std::uint16_t>(found - read.functions.begin());
  if (found != read.functions.end()) return result;
  read.functions.push_back(std::move(aggregate));
  // The rule's own spelling, but for its layout.
  const auto written = std::string_view(work_.files[scope_.file].text).substr(e.begin, e.end - e.begin);
  read.names.push_back(syntax::in_one_line(written));
  return result;
}

lowered expression_lowering::unknown_event(const ast::identifier& event) {
  return complain_unknown(event, "there is no event " + quoted(event.name),
                          did_you_mean(event.name, names_of(work_.names.events)));
}

}  // namespace weir::rules
