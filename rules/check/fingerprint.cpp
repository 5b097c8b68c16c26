#include "rules/check/fingerprint.hpp"

#include <map>

#include "rules/check/pattern_walk.hpp"
#include "rules/content_hash.hpp"

// A pattern names events, fields, entities and lists by numbers that depend on what else is declared. They are
// numbered anew in the order in which the rule comes to them, and written down by name.
namespace weir::rules {
namespace {

class renumbering {
 public:
  explicit renumbering(const program& of) : types_(of.schema), program_(of) {}

  void expression(cep::expression& e, stream::event_type_id event) {
    if (reads_field(e)) e.field = field(event, e.field);
    using enum cep::operation;
    if (e.op == in_list) rename(e, "list " + program_.lists[e.index].file.name);
    if (e.op == score) rename(e, "model " + program_.models[e.index].file.name);
    if (e.op == table_field) e.field = column(program_.tables[e.index], e.field);
    if (e.op == table_field || e.op == in_table) rename(e, "table " + program_.tables[e.index].file.name);
    if (e.question) question(*e.question);
    type(e.type);
    type(e.field_type);
  }
  void aggregate(cep::aggregate& a) {
    if (a.field) a.field = field(a.events.type, *a.field);
    type(a.type);
  }
  // Called after the filter's own expressions: from here on its event type is a new number.
  void filter(cep::event_filter& events) {
    for (auto& key : events.keys) key = field(events.type, key);
    events.type = static_cast<stream::event_type_id>(number("event " + types_[events.type].name));
  }
  void raised(raised_event& event) {
    for (auto& [field_id, value] : event.fields) field_id = field(event.type, field_id);
    event.type = static_cast<stream::event_type_id>(number("event " + types_[event.type].name));
  }
  void subject(stream::field_type& subject) {
    if (subject.kind != stream::type_kind::entity) return;
    subject.entity = static_cast<stream::entity_type_id>(number("entity " + types_.name(subject.entity)));
  }

  std::string legend() const {
    std::map<std::size_t, std::string> by_number;
    for (const auto& [name, n] : numbers_) by_number.emplace(n, name);
    std::string text;
    for (const auto& [n, name] : by_number) text += std::to_string(n) + " " + name + "\n";
    return text;
  }

 private:
  std::size_t number(const std::string& name) { return numbers_.emplace(name, numbers_.size()).first->second; }

  stream::field_id field(stream::event_type_id event, stream::field_id id) {
    if (id == cep::at_field) return id;
    const auto& field = types_[event][id];
    return static_cast<stream::field_id>(
        number("field " + types_[event].name + "." + field.name + ": " + stream::to_text(field.type, types_)));
  }

  void question(cep::graph_question& asked) {
    const graph_declaration& graph = program_.graphs[asked.graph];
    std::string name = "graph " + graph.name + " keep " + stream::to_text(graph.keep);
    if (graph.refresh) name += " refresh " + stream::to_text(*graph.refresh);
    number(name);
    for (const auto end : {std::optional(graph.from), std::optional(graph.to), graph.weight}) {
      if (end) field(graph.event, *end);
    }
    asked.graph = static_cast<std::uint16_t>(number(name));
    if (asked.list) asked.list = static_cast<std::uint16_t>(number("list " + program_.lists[*asked.list].file.name));
  }

  void rename(cep::expression& e, const std::string& name) { e.index = static_cast<std::uint16_t>(number(name)); }

  stream::field_id column(const table_source& table, stream::field_id id) {
    const auto& column = table.columns[static_cast<std::size_t>(id)];
    return static_cast<stream::field_id>(
        number("column " + table.file.name + "." + column.name + ": " + stream::to_text(column.type, types_)));
  }

  void type(cep::value_type& t) {
    if (t.kind != cep::value_kind::entity) return;
    t.entity = static_cast<stream::entity_type_id>(number("entity " + types_.name(t.entity)));
  }

  const stream::schema& types_;
  const program& program_;
  std::map<std::string, std::size_t> numbers_;
};

std::string head_of(const rule& r) {
  std::string text = r.name + "\nversion " + std::to_string(r.version) + "\n";
  text += to_text(r.severity);
  text += "\nscore " + (r.score ? std::to_string(*r.score) : "-") + "\n";
  for (const auto& tag : r.tags) text += "tag " + tag + "\n";
  text += to_text(r.mode);
  text += "\n";
  for (const auto& name : r.subject_names) text += "for " + name + "\n";
  return text;
}

std::string reason_of(const rule& r) {
  std::string text;
  for (const auto& part : r.reason) {
    if (const auto* words = std::get_if<std::string>(&part)) {
      text += "words " + std::to_string(words->size()) + " " + *words;
    } else {
      text += "value " + cep::to_text(std::get<cep::expression>(part));
    }
    text += "\n";
  }
  return text;
}

std::string raise_of(const rule& r) {
  if (!r.raise) return {};
  std::string text = "raise " + std::to_string(static_cast<int>(r.raise->type)) + "\n";
  for (const auto& [field, value] : r.raise->fields) {
    text += std::to_string(static_cast<int>(field)) + " " + cep::to_text(value) + "\n";
  }
  return text;
}

}  // namespace

std::string fingerprint(const rule& r, const program& of) {
  auto copy = r;
  renumbering numbers(of);
  for (auto& subject : copy.pattern.subjects) numbers.subject(subject);
  walk_rule(copy, numbers);
  if (copy.raise) numbers.raised(*copy.raise);

  auto text = head_of(copy) + cep::to_text(copy.pattern) + reason_of(copy) + raise_of(copy) + numbers.legend();
  for (const auto& name : r.value_names) text += "named " + name + "\n";
  return content_hash(text);
}

}  // namespace weir::rules
