#include "rules/successor.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "rules/check/findings.hpp"
#include "rules/check/pattern_walk.hpp"

namespace weir::rules {
namespace {

/// From the numbers of the fresh set to those of the running one.
struct renumbering {
  std::vector<stream::entity_type_id> entities;
  std::vector<stream::event_type_id> events;
  std::vector<std::vector<stream::field_id>> fields;  // by fresh event
  std::vector<std::uint16_t> lists;
  std::vector<std::uint16_t> tables;
  std::vector<std::uint16_t> models;
  std::vector<std::uint16_t> graphs;

  stream::event_type_id operator()(stream::event_type_id id) const { return events[static_cast<std::size_t>(id)]; }
  stream::field_id operator()(stream::event_type_id event, stream::field_id id) const {
    if (id == cep::at_field) return id;
    return fields[static_cast<std::size_t>(event)][static_cast<std::size_t>(id)];
  }
  void type(stream::field_type& t) const {
    if (t.kind == stream::type_kind::entity) t.entity = entities[static_cast<std::size_t>(t.entity)];
  }
  void type(cep::value_type& t) const {
    if (t.kind == cep::value_kind::entity) t.entity = entities[static_cast<std::size_t>(t.entity)];
  }

  // What walk_rule visits.
  void expression(cep::expression& e, stream::event_type_id event) const {
    using enum cep::operation;
    if (reads_field(e)) e.field = (*this)(event, e.field);
    if (e.op == in_list) e.index = lists[e.index];
    if (e.op == table_field || e.op == in_table) e.index = tables[e.index];
    if (e.op == score) e.index = models[e.index];
    if (e.question) e.question->graph = graphs[e.question->graph];
    if (e.question && e.question->list) e.question->list = lists[*e.question->list];
    type(e.type);
    type(e.field_type);
  }
  void aggregate(cep::aggregate& a) const {
    if (a.field) a.field = (*this)(a.events.type, *a.field);
    type(a.type);
  }
  // Called after the filter's own expressions.
  void filter(cep::event_filter& events_taken) const {
    for (auto& key : events_taken.keys) key = (*this)(events_taken.type, key);
    events_taken.type = (*this)(events_taken.type);
  }
};

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

/// Where the running set declares it, as far as what reads it can tell; or behind the end.
template <class Source, class Fits>
std::size_t place_of(const std::vector<Source>& sources, const Source& wanted, const Fits& fits) {
  const auto found = std::ranges::find_if(
      sources, [&](const Source& known) { return known.file.name == wanted.file.name && fits(known); });
  return static_cast<std::size_t>(found - sources.begin());
}

/// The columns so far, and perhaps more behind them: what reads a column by its number still does.
bool begins_with(const std::vector<stream::field>& columns, const std::vector<stream::field>& so_far) {
  return columns.size() >= so_far.size() && std::equal(so_far.begin(), so_far.end(), columns.begin());
}

class succession {
 public:
  succession(const program& running, program fresh, const decoded_events& decoded)
      : running_(running), fresh_(std::move(fresh)), decoded_(decoded) {}

  std::expected<successor, std::vector<std::string>> run() {
    join_schema();
    if (!refused_.empty()) return std::unexpected(std::move(refused_));
    join_lists();
    join_tables();
    join_models();
    join_graphs();
    renumber_rules();
    keep_rules();
    return std::move(made_);
  }

 private:
  // ---- the schema

  void join_schema() {
    made_.rules.schema = running_.schema;
    for (const std::string& name : fresh_.schema.entities()) {
      const auto known = running_.schema.find_entity(name);
      if (!known) refuse("entity " + quoted(name) + " is new");
      to_.entities.push_back(known.value_or(stream::entity_type_id{}));
    }
    for (const stream::event_type& event : running_.schema.events()) require_still_there(event.name);
    if (!refused_.empty()) return;
    for (const stream::event_type& event : fresh_.schema.events()) join_event(event);
  }

  void require_still_there(const std::string& event) {
    if (fresh_.schema.find(event) || !(decoded_.any || has(decoded_.named, event))) return;
    refuse("event " + quoted(event) + " is no longer declared, and a source may give it");
  }

  void join_event(const stream::event_type& event) {
    auto& schema = made_.rules.schema;
    auto mapped = event;
    for (auto& field : mapped.fields) to_.type(field.type);
    const auto known = running_.schema.find(event.name);
    if (!known) {
      if (decoded_.any && !is_raised(event.name)) refuse("event " + quoted(event.name) + " is new");
      to_.events.push_back(schema.add(std::move(mapped)));
      auto& fields = to_.fields.emplace_back();
      for (std::size_t i = 0; i < event.fields.size(); ++i) fields.push_back(static_cast<stream::field_id>(i));
      return;
    }
    to_.events.push_back(*known);
    join_fields(mapped, schema[*known]);
  }

  bool is_raised(const std::string& event) const {
    return std::ranges::any_of(fresh_.rules,
                               [&](const rule& r) { return r.raise && fresh_.schema[r.raise->type].name == event; });
  }

  void join_fields(const stream::event_type& event, stream::event_type& into) {
    auto& numbers = to_.fields.emplace_back();
    for (const stream::field& field : event.fields) {
      const auto known = into.find(field.name);
      numbers.push_back(known.value_or(stream::field_id{}));
      if (!known) {
        refuse_field(event, field, "is new");
        continue;
      }
      stream::field& so_far = into[*known];
      if (field.type != so_far.type || field.optional != so_far.optional) {
        refuse_field(event, field, "is declared otherwise");
      }
      so_far.interned = so_far.interned || field.interned;
    }
    for (const stream::field& field : into.fields) {
      if (!event.find(field.name)) refuse_field(event, field, "is no longer declared");
    }
  }

  void refuse_field(const stream::event_type& event, const stream::field& field, const std::string& what) {
    refuse("field " + quoted(event.name + "." + field.name) + " " + what);
  }
  void refuse(std::string what) { refused_.push_back(std::move(what)); }

  // ---- lists, tables, models

  void join_lists() {
    auto& sources = made_.rules.lists = running_.lists;
    auto& data = made_.rules.data.lists = running_.data.lists;
    std::set<std::size_t> declared;
    for (std::size_t i = 0; i < fresh_.lists.size(); ++i) {
      list_source source = std::move(fresh_.lists[i]);
      cep::value_list values = std::move(fresh_.data.lists[i]);
      to_.type(source.type);
      to_.type(values.type);
      const auto of_type = [&](const list_source& known) { return known.type == source.type; };
      const std::size_t at = place_of(running_.lists, source, of_type);
      to_.lists.push_back(take(at, running_.lists, std::move(source), sources, made_.changed.lists));
      set(to_.lists.back(), std::move(values), data);
      declared.insert(to_.lists.back());
    }
    for (std::uint16_t at = 0; at < running_.lists.size(); ++at) {
      if (declared.contains(at) || sources[at].file.path.empty()) continue;
      forget(sources[at].file);
      data[at].values.clear();
      made_.changed.lists.push_back(at);
    }
  }

  void join_tables() {
    auto& sources = made_.rules.tables = running_.tables;
    auto& data = made_.rules.data.tables = running_.data.tables;
    std::set<std::size_t> declared;
    for (std::size_t i = 0; i < fresh_.tables.size(); ++i) {
      table_source source = std::move(fresh_.tables[i]);
      cep::value_table values = std::move(fresh_.data.tables[i]);
      to_.type(source.key);
      to_.type(values.key);
      for (auto& column : source.columns) to_.type(column.type);
      for (auto& column : values.columns) to_.type(column);
      const auto fits = [&](const table_source& known) {
        return known.key == source.key && begins_with(source.columns, known.columns);
      };
      const std::size_t at = place_of(running_.tables, source, fits);
      const bool known = at < running_.tables.size();
      if (known && source.columns.size() > running_.tables[at].columns.size())
        made_.changed.tables.push_back(static_cast<std::uint16_t>(at));
      to_.tables.push_back(take(at, running_.tables, std::move(source), sources, made_.changed.tables));
      set(to_.tables.back(), std::move(values), data);
      declared.insert(to_.tables.back());
    }
    for (std::uint16_t at = 0; at < running_.tables.size(); ++at) {
      if (declared.contains(at) || sources[at].file.path.empty()) continue;
      forget(sources[at].file);
      data[at].rows.clear();
      made_.changed.tables.push_back(at);
    }
  }

  void join_models() {
    auto& sources = made_.rules.models = running_.models;
    auto& data = made_.rules.data.models = running_.data.models;
    for (std::size_t i = 0; i < fresh_.models.size(); ++i) {
      const std::size_t at = place_of(running_.models, fresh_.models[i], [](const model_source&) { return true; });
      std::vector<std::uint16_t> taken_over_as_they_are;
      to_.models.push_back(take(at, running_.models, std::move(fresh_.models[i]), sources, taken_over_as_they_are));
      set(to_.models.back(), std::move(fresh_.data.models[i]), data);
    }
  }

  /// One that is declared as it was is the same and keeps its edges; any other is new.
  void join_graphs() {
    auto& graphs = made_.rules.graphs = running_.graphs;
    auto& shapes = made_.rules.data.graphs = running_.data.graphs;
    for (graph_declaration& graph : fresh_.graphs) {
      graph.from = to_(graph.event, graph.from);
      graph.to = to_(graph.event, graph.to);
      if (graph.weight) graph.weight = to_(graph.event, *graph.weight);
      graph.event = to_(graph.event);
      const auto known = std::ranges::find(graphs, graph);
      to_.graphs.push_back(static_cast<std::uint16_t>(known - graphs.begin()));
      if (known != graphs.end()) continue;
      shapes.push_back(graph);
      graphs.push_back(std::move(graph));
    }
  }

  /// Puts the source in its place, or behind all that there are; says where it stands.
  template <class Source>
  static std::uint16_t take(std::size_t at, const std::vector<Source>& so_far, Source source, std::vector<Source>& into,
                            std::vector<std::uint16_t>& changed) {
    if (at >= so_far.size()) {
      into.push_back(std::move(source));
      return static_cast<std::uint16_t>(into.size() - 1);
    }
    if (so_far[at].file.content_hash != source.file.content_hash) changed.push_back(static_cast<std::uint16_t>(at));
    into[at] = std::move(source);
    return static_cast<std::uint16_t>(at);
  }

  template <class Values>
  static void set(std::uint16_t at, Values values, std::vector<Values>& into) {
    if (at >= into.size()) into.resize(at + std::size_t{1});
    into[at] = std::move(values);
  }

  static void forget(reference_file& file) { file.path = file.content_hash = {}; }

  // ---- rules

  void renumber_rules() {
    for (rule& r : fresh_.rules) {
      for (auto& subject : r.pattern.subjects) to_.type(subject);
      walk_rule(r, to_);
      if (r.raise) renumber(*r.raise);
      for (rule_input& input : r.inputs) input.index = numbers_of(input.what)[input.index];
      std::ranges::sort(r.inputs);
      r.tests.clear();
      r.conditions.clear();
      made_.rules.rules.push_back(std::move(r));
    }
  }

  void renumber(raised_event& raised) const {
    for (auto& [field, value] : raised.fields) field = to_(raised.type, field);
    if (raised.id) raised.id = to_(raised.type, *raised.id);
    raised.type = to_(raised.type);
  }

  const std::vector<std::uint16_t>& numbers_of(rule_input::kind what) const {
    if (what == rule_input::kind::list) return to_.lists;
    return what == rule_input::kind::table ? to_.tables : to_.models;
  }

  // ---- which rules stay

  void keep_rules() {
    const auto before = running_.active();
    std::map<std::string, std::uint32_t> places;
    for (std::uint32_t i = 0; i < before.size(); ++i) places.emplace(before[i]->name, i);
    std::vector<std::optional<std::uint32_t>> same(made_.rules.rules.size());
    for (std::size_t i = 0; i < same.size(); ++i) {
      const rule& r = made_.rules.rules[i];
      const auto known = places.find(r.name);
      if (r.mode == rule_mode::off || known == places.end()) continue;
      if (looks_for(*before[known->second]) == looks_for(r)) same[i] = known->second;
    }
    put_into_strata(before, same);
    for (std::size_t i = 0; i < same.size(); ++i) {
      if (made_.rules.rules[i].mode != rule_mode::off) made_.kept.push_back(same[i]);
    }
  }

  /// Labels are what an alert calls its events by: not what is looked for.
  static cep::pattern looks_for(const rule& r) {
    cep::pattern found = r.pattern;
    for (auto& part : found.body.parts) {
      auto* const group = std::get_if<cep::step_group>(&part);
      if (group == nullptr) continue;
      for (cep::step& s : group->steps) s.label.clear();
    }
    return found;
  }

  /// A rule that stays keeps its stratum, though a lower one might do by now: its state reads that stratum's log. Where
  /// that one is too low, for a rule that it comes after, the rule begins again.
  void put_into_strata(const std::vector<const rule*>& before, std::vector<std::optional<std::uint32_t>>& same) {
    auto& rules = made_.rules.rules;
    for (std::size_t i = 0; i < rules.size(); ++i) {
      if (same[i]) rules[i].stratum = std::max(rules[i].stratum, before[*same[i]]->stratum);
    }
    for (bool moved = true; moved;) {
      moved = false;
      for (std::size_t i = 0; i < rules.size(); ++i) {
        const std::uint32_t least = least_stratum(rules[i]);
        if (rules[i].stratum >= least) continue;
        rules[i].stratum = least;
        moved = true;
      }
    }
    for (std::size_t i = 0; i < rules.size(); ++i) {
      if (!same[i] || rules[i].stratum == before[*same[i]]->stratum) continue;
      same[i].reset();
      made_.begun_again.push_back(rules[i].name);
    }
  }

  std::uint32_t least_stratum(const rule& r) const {
    struct types_matched {
      std::set<stream::event_type_id> types;

      void expression(const cep::expression&, stream::event_type_id) {}
      void aggregate(const cep::aggregate&) {}
      void filter(const cep::event_filter& events) { types.insert(events.type); }
    } matched;
    walk_rule(r, matched);
    std::uint32_t least = 0;
    for (const rule& other : made_.rules.rules) {
      if (other.raise && matched.types.contains(other.raise->type)) least = std::max(least, other.stratum + 1);
    }
    return least;
  }

  const program& running_;
  program fresh_;
  const decoded_events& decoded_;
  renumbering to_;
  successor made_;
  std::vector<std::string> refused_;
};

}  // namespace

std::expected<successor, std::vector<std::string>> succeed(const program& running, program fresh,
                                                           const decoded_events& decoded) {
  return succession(running, std::move(fresh), decoded).run();
}

}  // namespace weir::rules
