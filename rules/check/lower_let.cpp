#include <algorithm>

#include "rules/check/lower_expression.hpp"
#include "rules/syntax/elsewhere.hpp"

namespace weir::rules {
namespace {

const by_name<cep::value_type> plain_parameters = {{"bool", boolean_type},
                                                   {"int", count_type},
                                                   {"decimal", count_type},
                                                   {"float", {.kind = cep::value_kind::real}},
                                                   {"text", {.kind = cep::value_kind::text}},
                                                   {"time", time_type},
                                                   {"duration", duration_type},
                                                   {"ip", {.kind = cep::value_kind::ip}}};

std::optional<cep::value_type> parameter_type(const ast::let_parameter& parameter, const declared& names) {
  if (const auto plain = plain_parameters.find(parameter.type.name); plain != plain_parameters.end()) {
    return plain->second;
  }
  const auto entity = names.schema.find_entity(parameter.type.name);
  if (!entity) return std::nullopt;
  return cep::value_type{.kind = cep::value_kind::entity, .entity = *entity};
}

// Money without a currency: any. Such a let can only be checked where it is called.
bool is_any_money(const ast::let_parameter& parameter) { return parameter.type.name == "money"; }

std::string hint_for_function(const std::string& name, const std::vector<std::string>& candidates) {
  for (const auto clock : {"now", "today", "current_time", "current_timestamp"}) {
    if (name == clock) return "no rule reads a clock: an event's own time is `at`, and a window looks back from it";
  }
  const auto known = syntax::name_here(name);
  return known.empty() ? did_you_mean(name, candidates) : "it is called " + quoted(known) + " here";
}

std::string usage(const ast::let_declaration& let) {
  std::string text = let.name.name + "(";
  for (const auto& parameter : let.parameters) {
    if (&parameter != &let.parameters.front()) text += ", ";
    text += parameter.name.name + ": " + parameter.type.name;
  }
  return text + ")";
}

// What a parameter stands for while the let is checked by itself: some event, or some value of its type.
let_argument stand_in(const ast::let_parameter& parameter, const declared& names) {
  if (const auto event = names.events.find(parameter.type.name); event != names.events.end()) {
    return readable_event{.label = parameter.name.name,
                          .event = event->first,
                          .type = event->second.id,
                          .op = cep::operation::bound_field};
  }
  const auto type = parameter_type(parameter, names);
  if (!type) return std::monostate();
  cep::expression value;
  value.op = cep::operation::subject;
  value.type = *type;
  return value;
}

// Lets that call lets twice each double with every one: 10,000 calls are far beyond what anyone writes.
constexpr std::size_t calls_max = 10'000;

bool check_parameters(const declared_let& let, workplace& work) {
  bool good = true;
  std::vector<std::string> seen;
  for (const auto& parameter : let.tree->parameters) {
    if (std::ranges::count(seen, parameter.name.name) > 0) {
      work.found.error(span_of(let.where.file, parameter.name),
                       "there is a parameter " + quoted(parameter.name.name) + " already");
      good = false;
    }
    seen.push_back(parameter.name.name);
    const bool known = work.names.events.contains(parameter.type.name) || is_any_money(parameter) ||
                       parameter_type(parameter, work.names);
    if (known) continue;
    auto candidates = names_of(plain_parameters);
    std::ranges::copy(names_of(work.names.events), std::back_inserter(candidates));
    std::ranges::copy(names_of(work.names.entities), std::back_inserter(candidates));
    work.found.unknown(span_of(let.where.file, parameter.type),
                       "there is no event, entity or type " + quoted(parameter.type.name),
                       did_you_mean(parameter.type.name, candidates));
    good = false;
  }
  return good;
}

// The lets that call each other in a circle: all that are being checked right now.
void complain_of_circle(declared_let& let, workplace& work) {
  std::vector<std::string> circle;
  for (auto& [name, other] : work.names.lets) {
    if (other.state != checked::underway) continue;
    circle.push_back(quoted(name));
    other.state = checked::in_error;
  }
  const auto message =
      circle.size() == 1 ? circle.front() + " calls itself" : listed(circle) + " call each other in a circle";
  work.found.error(let.where, message, "a let is put in place of its call, so it can't come back to itself");
}

}  // namespace

bool check_let(declared_let& let, workplace& work) {
  if (let.state == checked::underway) complain_of_circle(let, work);
  if (let.state != checked::not_yet) return let.state == checked::good;
  let.state = checked::underway;
  bool good = check_parameters(let, work);
  if (good && std::ranges::none_of(let.tree->parameters, is_any_money)) {
    scope inside{.file = let.where.file, .let = &let};
    aggregates_read aggregates;
    inside.aggregates = &aggregates;
    for (const auto& parameter : let.tree->parameters) {
      inside.arguments.emplace(parameter.name.name, stand_in(parameter, work.names));
    }
    good = expression_lowering(inside, work).lower(let.tree->body).has_value();
  }
  // In a circle it has been marked as in error meanwhile.
  if (let.state == checked::underway) let.state = good ? checked::good : checked::in_error;
  return let.state == checked::good;
}

lowered expression_lowering::operator()(const ast::call& e) {
  if (is_function(e.function.name)) return function(e);
  const auto found = work_.names.lets.find(e.function.name);
  if (found == work_.names.lets.end()) {
    auto candidates = names_of(work_.names.lets);
    std::ranges::copy(function_names(), std::back_inserter(candidates));
    return complain_unknown(e.function, "there is no let " + quoted(e.function.name),
                            hint_for_function(e.function.name, candidates));
  }
  if (!check_let(found->second, work_)) {
    for (const auto& given : e.arguments) note_reading(given);
    return std::nullopt;
  }
  return inlined(e, found->second);
}

lowered expression_lowering::inlined(const ast::call& e, const declared_let& let) {
  const auto& parameters = let.tree->parameters;
  if (e.arguments.size() != parameters.size()) {
    return complain(e,
                    quoted(e.function.name) + " takes " + std::to_string(parameters.size()) +
                        (parameters.size() == 1 ? " argument, not " : " arguments, not ") +
                        std::to_string(e.arguments.size()),
                    "it is declared as " + usage(*let.tree));
  }
  scope inside{.file = let.where.file, .subjects = scope_.subjects, .aggregates = scope_.aggregates, .let = &let};
  bool good = true;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    auto given = work_.names.events.contains(parameters[i].type.name) ? event_argument(parameters[i], e.arguments[i])
                                                                      : value_argument(parameters[i], e.arguments[i]);
    good = good && !std::holds_alternative<std::monostate>(given);
    inside.arguments.emplace(parameters[i].name.name, std::move(given));
  }
  if (!good) return std::nullopt;
  // Checking a let by itself goes through the lets it calls as well; those have been checked by themselves.
  if (++work_.calls > calls_max) {
    if (work_.calls > calls_max + 1) return std::nullopt;  // said once
    return complain(e, "more than " + std::to_string(calls_max) + " calls of lets come of this one");
  }
  inside.call = scope_.call ? *scope_.call : span_of(scope_.file, e);
  return expression_lowering(inside, work_).lower(let.tree->body);
}

// A label given to a let that is in error is read all the same.
void expression_lowering::note_reading(const ast::expression& given) {
  const auto* name = boost::get<ast::name>(&given);
  if (name != nullptr && scope_.labels_read != nullptr) scope_.labels_read->insert(name->parts.front().name);
}

let_argument expression_lowering::event_argument(const ast::let_parameter& parameter, const ast::expression& given) {
  const auto wanted = quoted(parameter.name.name) + " is to be an event " + quoted(parameter.type.name);
  const auto* name = boost::get<ast::name>(&given.get());
  if (!names_event(given) && (name == nullptr || name->parts.size() != 1)) {
    complain(given, wanted, "give the label of a step");
    return {};
  }
  auto event = event_of(given);
  if (!event || !event->type) return {};
  if (event->event != parameter.type.name) {
    complain(given, wanted + ", and " + quoted(written(given)) + " is " + quoted(event->event));
    return {};
  }
  return *std::move(event);
}

let_argument expression_lowering::value_argument(const ast::let_parameter& parameter, const ast::expression& given) {
  auto value = lower(given);
  if (!value) return {};
  if (is_any_money(parameter)) {
    if (is_number(value->type) && value->type.unit == cep::unit::money) return *std::move(value);
    complain(given, quoted(parameter.name.name) + " is to be money, not " + noun(value->type, schema()));
    return {};
  }
  const auto type = parameter_type(parameter, work_.names);
  if (!type) return {};
  value = from(literal_as(*std::move(value), *type), given);
  if (!value) return {};
  if (same_sort(value->type, *type)) return *std::move(value);
  complain(given,
           quoted(parameter.name.name) + " is to be " + noun(*type, schema()) + ", not " + noun(value->type, schema()));
  return {};
}

}  // namespace weir::rules
