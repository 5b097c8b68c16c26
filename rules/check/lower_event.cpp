#include <algorithm>

#include "rules/check/lower_expression.hpp"

namespace weir::rules {
namespace {

template <class Node>
const Node* as(const ast::expression& e) {
  const auto* held = boost::get<ast::x3::forward_ast<Node>>(&e.get());
  return held == nullptr ? nullptr : &held->get();
}

// `first(fail)` is an event, `first(fail.amount)` a value.
bool is_event(const ast::aggregate& e) {
  if (e.function.name == "prev") return true;
  const bool end = e.function.name == "first" || e.function.name == "last";
  return end && !e.field && !e.window && !e.where;
}

}  // namespace

const readable_event* expression_lowering::labelled(std::string_view label) const {
  const auto argument = scope_.arguments.find(label);
  if (argument != scope_.arguments.end()) return std::get_if<readable_event>(&argument->second);
  return event_called(label);
}

bool expression_lowering::names_event(const ast::name& e) const {
  if (e.parts.size() != 1 || labelled(e.parts[0].name) == nullptr) return false;
  const auto& name = e.parts[0].name;
  if (scope_.here && scope_.here->type && schema()[*scope_.here->type].find(name)) return false;
  return scope_.arguments.contains(name) || !(subject_called(name) || work_.names.params.contains(name));
}

bool expression_lowering::names_event(const ast::expression& e) const {
  if (const auto* name = boost::get<ast::name>(&e.get())) return names_event(*name);
  const auto* aggregate = as<ast::aggregate>(e);
  return aggregate != nullptr && is_event(*aggregate) && !aggregate->read;
}

std::optional<readable_event> expression_lowering::event_of(const ast::expression& e) {
  if (const auto* aggregate = as<ast::aggregate>(e); aggregate != nullptr && names_event(e)) {
    return event_of(*aggregate);
  }
  const auto* name = boost::get<ast::name>(&e.get());
  if (name == nullptr || name->parts.size() != 1) {
    complain(e, "expected an event", "give the label of a step, or prev(EVENT)");
    return std::nullopt;
  }
  const auto& label = name->parts.front();
  const auto argument = scope_.arguments.find(label.name);
  if (argument != scope_.arguments.end() && std::holds_alternative<std::monostate>(argument->second)) {
    return std::nullopt;
  }
  const auto* event = labelled(label.name);
  if (event == nullptr) {
    unknown_label(label);
    return std::nullopt;
  }
  if (scope_.labels_read != nullptr && !event->label.empty()) scope_.labels_read->insert(event->label);
  if (event->run && event->op != cep::operation::field) {
    complain(e, quoted(label.name) + " is a run of events",
             "give one of them: first(" + label.name + ") or last(" + label.name + ")");
    return std::nullopt;
  }
  return *event;
}

std::optional<readable_event> expression_lowering::event_of(const ast::aggregate& e) {
  return e.function.name == "prev" ? previous(e) : end_of_run(e);
}

std::optional<readable_event> expression_lowering::end_of_run(const ast::aggregate& e) {
  const auto* run = run_of(e);
  if (run == nullptr) return std::nullopt;
  auto event = *run;
  event.run = false;
  event.op = e.function.name == "first" ? cep::operation::first_field : cep::operation::bound_field;
  return event;
}

// The run that `count(fail)` is about.
const readable_event* expression_lowering::run_of(const ast::aggregate& e) {
  const auto& name = e.event.name;
  const auto* event = labelled(name);
  if (event == nullptr || (event->op == cep::operation::field && work_.names.events.contains(name))) {
    if (!work_.names.events.contains(name)) {
      unknown_label(e.event);
      return nullptr;
    }
    const auto& text = work_.files[scope_.file].text;
    const auto next = static_cast<std::uint32_t>(std::min(text.find_first_not_of(" \t\r\n", e.end), text.size()));
    complain({next, std::min(next + 1, static_cast<std::uint32_t>(text.size()))},
             "expected `over` and a window such as 10m after `)`");
    return nullptr;
  }
  if (scope_.labels_read != nullptr && !event->label.empty()) scope_.labels_read->insert(event->label);
  if (event->op == cep::operation::field) {
    complain(e, "the run " + quoted(name) + " is not whole yet where its own events are chosen",
             "put the condition on a later step, or in `when`");
    return nullptr;
  }
  if (!event->run) {
    complain(e, quoted(name) + " is one event: only a step with a quantity, such as `some` or `3 times`, has a run",
             "write " + name + ".FIELD");
    return nullptr;
  }
  return event;
}

std::optional<readable_event> expression_lowering::previous(const ast::aggregate& e) {
  if (!aggregates_may_stand(e)) return std::nullopt;
  if (e.window) {
    complain(*e.window, "`prev` looks back to the one event before: it has no window", "leave out the `over`");
    return std::nullopt;
  }
  if (e.field) {
    complain(*e.field, "the field stands behind the bracket", "write prev(" + e.event.name + ")." + e.field->name);
    return std::nullopt;
  }
  const auto event = work_.names.events.find(e.event.name);
  if (event == work_.names.events.end()) {
    unknown_event(e.event);
    return std::nullopt;
  }
  auto events = filter_of(e, event->second);
  if (!events) return std::nullopt;
  cep::aggregate last{.function = cep::aggregate_function::previous,
                      .events = *std::move(events),
                      .field = std::nullopt,
                      .window = {.extent = cep::count_extent{1}, .prior = true},
                      .type = {}};
  if (!may_be_correlated(last.events, last.window, e)) return std::nullopt;
  auto text = written(e);
  if (e.read) text.resize(text.rfind(')') + 1);
  return readable_event{.label = {},
                        .event = event->first,
                        .type = event->second.id,
                        .may_be_missing = true,
                        .previous = previous_event{std::move(last), std::move(text)}};
}

// `prev(login where ok).at`, `first(fail).amount`.
lowered expression_lowering::field_of_event(const readable_event& event, const ast::aggregate& e) {
  if (e.read) return field_of(event, *e.read);
  const auto text = written(e);
  return complain(e, quoted(text) + " is an event", "write one of its fields: " + text + ".at");
}

lowered expression_lowering::operator()(const ast::aggregate& e) {
  if (is_event(e)) {
    const auto event = event_of(e);
    return event ? field_of_event(*event, e) : std::nullopt;
  }
  if (e.read) {
    return complain(
        *e.read, quoted(e.function.name) + " gives a value, which has no fields",
        "the field stands inside the bracket: " + e.function.name + "(" + e.event.name + "." + e.read->name + ")");
  }
  return e.window ? over_window(e) : over_run(e);
}

lowered expression_lowering::operator()(const ast::missing_test& e) {
  lowered operand;
  if (names_event(e.operand)) {
    // Of a run the label itself is asked about: `fail is missing`.
    const auto* label = boost::get<ast::name>(&e.operand.get());
    const auto event = label == nullptr ? event_of(e.operand) : std::optional(*labelled(label->parts.front().name));
    if (!event) return std::nullopt;
    if (scope_.labels_read != nullptr && !event->label.empty()) scope_.labels_read->insert(event->label);
    if (!event->may_be_missing) {
      return complain(e.operand, "this event is never missing",
                      "only what `optional`, `one of` or `prev` may find can be");
    }
    ast::identifier at;
    static_cast<ast::located&>(at) = e.operand;
    at.name = "at";
    operand = field_of(*event, at);
  } else {
    operand = lower(e.operand);
  }
  if (!operand) return std::nullopt;
  cep::expression result;
  result.op = cep::operation::is_missing;
  result.type = boolean_type;
  result.args.push_back(*std::move(operand));
  return result;
}

}  // namespace weir::rules
