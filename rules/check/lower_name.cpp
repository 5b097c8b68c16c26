#include <algorithm>

#include "rules/check/lower_expression.hpp"

namespace weir::rules {
namespace {

// What other languages call a missing value.
bool is_null(std::string_view name) { return name == "null" || name == "NULL" || name == "None" || name == "nil"; }

using cep::operation;

cep::expression reading(const readable_event& event, stream::field_id field, const cep::value_type& type) {
  cep::expression e;
  e.op = event.op;
  e.type = type;
  e.index = event.step;
  e.field = field;
  return e;
}

cep::expression leaf(operation op, const cep::value_type& type) {
  cep::expression e;
  e.op = op;
  e.type = type;
  return e;
}

std::vector<std::string> fields_of(const stream::event_type& type) {
  std::vector<std::string> names = {"at"};
  for (const auto& field : type.fields) names.push_back(field.name);
  return names;
}

}  // namespace

lowered expression_lowering::operator()(const ast::name& e) {
  if (e.parts.size() == 1) return bare_name(e.parts[0]);
  if (e.parts.size() == 2) return dotted_name(e.parts[0], e.parts[1]);
  return complain(e, "a name has at most two parts", "write label.field");
}

// A field of the event at hand first, then what the let, the rule and the file name.
lowered expression_lowering::bare_name(const ast::identifier& name) {
  if (scope_.here) {
    if (!scope_.here->type) return std::nullopt;
    const auto& type = schema()[*scope_.here->type];
    const auto& declared_as = work_.names.events.find(type.name)->second;
    if (name.name == "at" || type.find(name.name) || declared_as.in_error.contains(name.name)) {
      return field_of(*scope_.here, name);
    }
  }
  if (const auto argument = scope_.arguments.find(name.name); argument != scope_.arguments.end()) {
    if (const auto* value = std::get_if<cep::expression>(&argument->second)) return *value;
    if (std::holds_alternative<std::monostate>(argument->second)) return std::nullopt;
    return complain(name, quoted(name.name) + " is an event", "write one of its fields: " + name.name + ".at");
  }
  return global_name(name);
}

lowered expression_lowering::global_name(const ast::identifier& name) {
  if (auto subject = subject_called(name.name)) return subject;
  if (const auto param = work_.names.params.find(name.name); param != work_.names.params.end()) {
    return constant_of(param->second, name.name, work_);
  }
  if (work_.names.lists.contains(name.name)) {
    return complain(name, quoted(name.name) + " is a list", "ask whether something is in it: x in " + name.name);
  }
  if (work_.names.tables.contains(name.name)) {
    return complain(name, quoted(name.name) + " is a table", "read a cell of it: " + name.name + "[KEY].COLUMN");
  }
  if (work_.names.models.contains(name.name)) {
    return complain(name, quoted(name.name) + " is a model", "ask it: score(" + name.name + ", FEATURE, …)");
  }
  if (scope_.in_reason && name.name == "span") return leaf(operation::span, duration_type);
  if (const auto* event = event_called(name.name)) {
    return complain(name, quoted(name.name) + " is an event", "write one of its fields: " + event->label + ".at");
  }
  return unknown_name(name);
}

lowered expression_lowering::subject_called(std::string_view name) const {
  if (scope_.inside_let() || scope_.subjects == nullptr) return std::nullopt;
  const auto found = std::ranges::find(*scope_.subjects, name, &rule_subject::name);
  if (found == scope_.subjects->end()) return std::nullopt;
  auto result = leaf(operation::subject, cep::type_of(found->type));
  result.index = static_cast<std::uint16_t>(found - scope_.subjects->begin());
  return result;
}

lowered expression_lowering::unknown_name(const ast::identifier& name) {
  if (is_out_of_reach(name.name)) return out_of_reach(name);
  // Outside a `where` a field needs the label of its event.
  if (!scope_.here && !scope_.inside_let()) {
    for (const auto& event : scope_.bound) {
      if (!event.type) return std::nullopt;  // it might be a field of the event that is in error
      if (!schema()[*event.type].find(name.name) && name.name != "at") continue;
      const auto what = quoted(name.name) + " is a field of " + quoted(event.event) + ", which ";
      if (!event.label.empty()) {
        return complain(name, what + "is called " + quoted(event.label) + " here",
                        "write " + event.label + "." + name.name);
      }
      const auto letter = event.event.substr(0, 1);
      return complain(name, what + "has no label here",
                      "give it one (" + letter + ": " + event.event + ") and write " + letter + "." + name.name);
    }
  }
  auto candidates = names_of(work_.names.params);
  for (const auto& [parameter, argument] : scope_.arguments) candidates.push_back(parameter);
  if (scope_.here && scope_.here->type)
    std::ranges::copy(fields_of(schema()[*scope_.here->type]), std::back_inserter(candidates));
  if (!scope_.inside_let() && scope_.subjects != nullptr) {
    for (const auto& subject : *scope_.subjects) candidates.push_back(subject.name);
  }
  auto hint = did_you_mean(name.name, candidates);
  if (hint.empty() && name.name == "span") hint = "only a `reason` knows it; subtract two times: b.at - a.at";
  if (hint.empty() && is_null(name.name)) hint = "whether a value is missing is asked so: x is missing";
  if (hint.empty()) hint = "a text stands in quotes: \"" + name.name + "\"";
  return complain_unknown(name, "there is no " + quoted(name.name) + " here", std::move(hint));
}

const readable_event* expression_lowering::event_called(std::string_view label) const {
  if (scope_.inside_let()) return nullptr;
  const auto found = std::ranges::find(scope_.bound, label, &readable_event::label);
  if (found != scope_.bound.end()) return &*found;
  if (scope_.here && (scope_.here->label == label || scope_.here->event == label)) return &*scope_.here;
  return nullptr;
}

lowered expression_lowering::dotted_name(const ast::identifier& label, const ast::identifier& field) {
  if (const auto argument = scope_.arguments.find(label.name); argument != scope_.arguments.end()) {
    if (const auto* event = std::get_if<readable_event>(&argument->second)) return field_of(*event, field);
    if (std::holds_alternative<std::monostate>(argument->second)) return std::nullopt;
    return complain(label, quoted(label.name) + " is no event and has no fields");
  }
  const auto* event = event_called(label.name);
  // The event at hand of a let's aggregate.
  if (event == nullptr && scope_.here && scope_.here->event == label.name) event = &*scope_.here;
  if (event == nullptr) return unknown_label(label);
  if (scope_.labels_read != nullptr && !event->label.empty()) scope_.labels_read->insert(event->label);
  if (event->run && event->op != operation::field) {
    return complain(label, quoted(label.name) + " is a run of events",
                    "write first(" + label.name + ")." + field.name + " or last(" + label.name + ")." + field.name);
  }
  return field_of(*event, field);
}

bool expression_lowering::is_out_of_reach(std::string_view label) const {
  return std::ranges::count(scope_.later, label) > 0 || std::ranges::count(scope_.beside, label) > 0;
}

lowered expression_lowering::out_of_reach(const ast::identifier& label) {
  if (std::ranges::count(scope_.later, label.name) > 0) {
    return complain(label, quoted(label.name) + " comes later in the match: only earlier events can be read here",
                    "put the condition on the later step");
  }
  return complain(
      label, quoted(label.name) + " stands beside this event: those in one `all of` or `one of` do not read each other",
      "put the condition on a later step, or in `when`");
}

lowered expression_lowering::unknown_label(const ast::identifier& label) {
  if (is_out_of_reach(label.name)) return out_of_reach(label);
  const bool names_event = std::ranges::count(scope_.events, label.name) > 0;
  if (!scope_.inside_let() && names_event) {
    const auto letter = label.name.substr(0, 1);
    return complain(label, "no event is labelled " + quoted(label.name),
                    "give the event a label: " + letter + ": " + label.name);
  }
  if (!scope_.inside_let() && scope_.subjects != nullptr &&
      std::ranges::find(*scope_.subjects, label.name, &rule_subject::name) != scope_.subjects->end()) {
    return complain(label, quoted(label.name) + " is what the rule is about, and has no fields",
                    "give the event a label, as in p: payment, and read its field: p.FIELD");
  }
  std::vector<std::string> candidates;
  for (const auto& event : scope_.bound) candidates.push_back(event.label);
  for (const auto& [name, argument] : scope_.arguments) candidates.push_back(name);
  if (scope_.here) candidates.push_back(scope_.here->label);
  std::erase(candidates, std::string());
  return complain(label, "no event is labelled " + quoted(label.name), did_you_mean(label.name, candidates));
}

lowered expression_lowering::field_of(const readable_event& event, const ast::identifier& field) {
  if (!event.type) return std::nullopt;
  const auto read = [&](stream::field_id id, const cep::value_type& type) -> lowered {
    if (!event.previous) return reading(event, id, type);
    auto last = event.previous->last;
    last.field = id;
    last.type = type;
    return enter(std::move(last), event.previous->written + "." + field.name);
  };
  if (field.name == "at") return read(cep::at_field, time_type);
  const auto& type = schema()[*event.type];
  if (const auto id = type.find(field.name)) return read(*id, cep::type_of(type[*id].type));
  if (work_.names.events.find(type.name)->second.in_error.contains(field.name)) return std::nullopt;
  return complain(field, quoted(type.name) + " has no field " + quoted(field.name),
                  did_you_mean(field.name, fields_of(type)));
}

}  // namespace weir::rules
