#include "rules/check/path.hpp"

#include <algorithm>

#include "cep/condition_split.hpp"
#include "rules/check/pattern_walk.hpp"

namespace weir::rules {
namespace {

using cep::operation;

struct edge_fields {
  stream::field_id from{};
  stream::field_id to{};

  friend bool operator==(const edge_fields&, const edge_fields&) = default;
};

// What the graphs over the event say, each pair once.
std::vector<edge_fields> fields_by_graph(stream::event_type_id event, const declared& names) {
  std::vector<edge_fields> found;
  for (const auto& graph : names.graph_values) {
    const edge_fields fields{graph.from, graph.to};
    if (graph.event == event && std::ranges::count(found, fields) == 0) found.push_back(fields);
  }
  return found;
}

// The fields of each entity of which the event has several.
std::vector<std::vector<stream::field_id>> fields_of_one_entity(const stream::event_type& type) {
  std::vector<std::vector<stream::field_id>> found;
  for (std::size_t i = 0; i < type.fields.size(); ++i) {
    if (type.fields[i].type.kind != stream::type_kind::entity) continue;
    const auto same =
        std::ranges::find_if(found, [&](const auto& group) { return type[group.front()].type == type.fields[i].type; });
    if (same == found.end()) {
      found.push_back({static_cast<stream::field_id>(i)});
    } else {
      same->push_back(static_cast<stream::field_id>(i));
    }
  }
  std::erase_if(found, [](const auto& group) { return group.size() < 2; });
  return found;
}

std::expected<edge_fields, type_mismatch> fields_of_edge(stream::event_type_id event, const declared& names) {
  const auto by_graph = fields_by_graph(event, names);
  if (by_graph.size() == 1) return by_graph.front();
  const auto& type = names.schema[event];
  if (by_graph.size() > 1) {
    return std::unexpected(
        type_mismatch{"the graphs over " + quoted(type.name) + " disagree on where its edges lead",
                      "write the steps out: a: " + type.name + " then b: " + type.name + " where …"});
  }
  const auto groups = fields_of_one_entity(type);
  if (groups.size() == 1 && groups.front().size() == 2) return edge_fields{groups.front()[0], groups.front()[1]};
  return std::unexpected(type_mismatch{
      groups.empty() ? quoted(type.name) + " is no edge: it has no two fields of one entity"
                     : "nothing says from which field of " + quoted(type.name) + " to which its edges lead",
      groups.empty() ? "" : "declare graph NAME : " + type.name + "(FROM -> TO) keep 30d"});
}

cep::expression equality(cep::expression a, cep::expression b) {
  cep::expression e;
  e.op = operation::equal;
  e.args.push_back(std::move(a));
  e.args.push_back(std::move(b));
  return e;
}

cep::expression subject_value(std::size_t index, const cep::value_type& type) {
  cep::expression e;
  e.op = operation::subject;
  e.type = type;
  e.index = static_cast<std::uint16_t>(index);
  return e;
}

}  // namespace

path_meaning::path_meaning(const ast::path& tree, const written_body& body, std::uint32_t file, workplace& work)
    : file_(file), work_(work), any_order_(tree.any_order || tree.any_order_behind) {
  const auto* from = &tree.from;
  types_.resize(tree.edges.size());
  for (std::size_t i = 0; i < tree.edges.size(); ++i) {
    edge added{.from = vertex_called(*from), .to = vertex_called(tree.edges[i].to)};
    find_ends(added, i, tree.edges[i], body);
    if (added.known) {
      add_end(added.from, {i, added.from_field}, *from, body);
      add_end(added.to, {i, added.to_field}, tree.edges[i].to, body);
    } else {
      vertices_[added.from].in_error = vertices_[added.to].in_error = true;
    }
    edges_.push_back(added);
    from = &tree.edges[i].to;
  }
}

std::size_t path_meaning::vertex_called(const ast::identifier& name) {
  const auto known = std::ranges::find(vertices_, name.name, &vertex::name);
  if (known == vertices_.end()) {
    vertices_.push_back({.name = name.name, .place = name});
    return vertices_.size() - 1;
  }
  return static_cast<std::size_t>(known - vertices_.begin());
}

void path_meaning::find_ends(edge& of, std::size_t index, const ast::edge& tree, const written_body& body) {
  const auto type = body.events[index].event.type;
  if (!type) return;
  types_[index] = *type;
  const auto fields = fields_of_edge(*type, work_.names);
  if (!fields) {
    if (!work_.names.has_field_in_error(tree.event.event.name)) {
      error(tree.event.event, fields.error().message, fields.error().hint);
    }
    return;
  }
  of.known = true;
  of.from_field = fields->from;
  of.to_field = fields->to;
}

void path_meaning::add_end(std::size_t index, end added, const ast::identifier& name, const written_body& body) {
  auto& v = vertices_[index];
  const auto& type = work_.names.schema[*body.events[added.edge].event.type][added.field].type;
  if (!v.type) {
    v.type = type;
  } else if (*v.type != type) {
    v.in_error = true;
    error(name,
          quoted(name.name) + " is " + noun(cep::type_of(*v.type), work_.names.schema) + " and " +
              noun(cep::type_of(type), work_.names.schema) + " at once",
          "give the two ends their own names");
    return;
  }
  v.ends.push_back(added);
}

std::optional<stream::field_type> path_meaning::type_of(std::string_view name) const {
  const auto* v = find(name);
  return v == nullptr ? std::nullopt : v->type;
}

void path_meaning::set_subjects(const std::vector<ast::subject>& written, const std::vector<rule_subject>& subjects) {
  subjects_ = subjects.size();
  std::vector<std::string> names;
  for (const auto& v : vertices_) names.push_back(v.name);
  for (const auto& tree : written) {
    if (find(tree.name.name) != nullptr) continue;
    auto hint = did_you_mean(tree.name.name, names);
    if (hint.empty()) hint = "give one its name: (" + tree.name.name + ") -[…]-> …";
    error(tree.name, quoted(tree.name.name) + " is no vertex of the path", std::move(hint));
  }
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    const auto v = std::ranges::find(vertices_, subjects[i].name, &vertex::name);
    if (v == vertices_.end()) continue;
    v->subject = i;
    if (!v->type || v->in_error || *v->type == subjects[i].type) continue;
    error(v->place, "the vertex " + quoted(v->name) + " is " + noun(cep::type_of(*v->type), work_.names.schema) +
                        ", and the subject is " + noun(cep::type_of(subjects[i].type), work_.names.schema));
  }
  check_subjects_meet(written);
}

void path_meaning::check_subjects_meet(const std::vector<ast::subject>& written) const {
  const auto is_vertex = [&](const ast::subject& s) { return find(s.name.name) != nullptr; };
  const auto touches_all = [&](const edge& e) {
    for (std::size_t subject = 0; subject < subjects_; ++subject) {
      if (!key_of(e, subject)) return false;
    }
    return true;
  };
  if (written.size() < 2 || subjects_ != written.size() || !std::ranges::all_of(written, is_vertex)) return;
  if (std::ranges::any_of(edges_, touches_all) || !std::ranges::all_of(edges_, &edge::known)) return;
  std::vector<std::string> names;
  for (const auto& tree : written) names.push_back(quoted(tree.name.name));
  const auto& first = written.front();
  error(written.back().name, "no edge of the path touches " + listed(names) + ", so no event belongs to them together",
        "make the rule about one of them: for " + first.name.name + (first.type ? ": " + first.type->name : ""));
}

void path_meaning::name_vertices(scope& where, const written_body& body, std::size_t index) const {
  for (const auto& v : vertices_) where.arguments.erase(v.name);
  for (const auto& v : vertices_) {
    if (v.subject) continue;
    if (v.in_error || v.ends.empty()) {
      where.arguments.emplace(v.name, std::monostate());
      continue;
    }
    const auto here = std::ranges::find(v.ends, index, &end::edge);
    if (here != v.ends.end()) {
      where.arguments.emplace(v.name, reading(operation::field, *here));
    } else if (body.events[v.ends.front().edge].part < body.events[index].part) {
      where.arguments.emplace(v.name, reading(operation::bound_field, v.ends.front()));
    } else {
      (any_order_ ? where.beside : where.later).push_back(v.name);
    }
  }
}

void path_meaning::name_vertices(scope& at_end) const {
  for (const auto& v : vertices_) {
    if (v.subject) continue;
    if (v.in_error || v.ends.empty()) {
      at_end.arguments.emplace(v.name, std::monostate());
    } else {
      at_end.arguments.emplace(v.name, reading(operation::bound_field, v.ends.front()));
    }
  }
}

std::optional<cep::event_filter> path_meaning::joined(std::size_t index, cep::event_filter events) const {
  const auto& here = edges_[index];
  if (!here.known) return std::nullopt;
  for (std::size_t subject = 0; subject < subjects_; ++subject) {
    const auto key = key_of(here, subject);
    if (!key) {
      events.keys.clear();  // it is free of them all
      break;
    }
    events.keys.push_back(*key);
  }
  auto where = cep::always();
  const auto is_key = [&](std::size_t v, stream::field_id field) {
    const auto subject = vertices_[v].subject;
    return subject && *subject < events.keys.size() && events.keys[*subject] == field;
  };
  if (!is_key(here.from, here.from_field)) where = joining(vertices_[here.from], {index, here.from_field});
  if (!is_key(here.to, here.to_field)) {
    where = cep::both(std::move(where), joining(vertices_[here.to], {index, here.to_field}));
  }
  events.where = cep::both(std::move(where), std::move(events.where));
  return events;
}

std::optional<stream::field_id> path_meaning::key_of(const edge& touched, std::size_t subject) const {
  if (vertices_[touched.from].subject == subject) return touched.from_field;
  if (vertices_[touched.to].subject == subject) return touched.to_field;
  return std::nullopt;
}

// What this end of an edge has to equal: the subject, or the first end that the vertex has.
cep::expression path_meaning::joining(const vertex& v, end here) const {
  const auto at_hand = reading(operation::field, here);
  if (v.subject) return equality(at_hand, subject_value(*v.subject, at_hand.type));
  if (v.ends.empty()) return cep::always();
  const auto& first = v.ends.front();
  if (first.edge == here.edge) {
    return first.field == here.field ? cep::always() : equality(at_hand, reading(operation::field, first));
  }
  return any_order_ ? cep::always() : equality(at_hand, reading(operation::bound_field, first));
}

cep::expression path_meaning::condition_of_all() const {
  auto all = cep::always();
  if (!any_order_) return all;
  for (const auto& v : vertices_) {
    if (v.subject || v.ends.empty()) continue;
    for (const auto& other : v.ends) {
      if (other.edge == v.ends.front().edge) continue;
      all = cep::both(std::move(all), equality(reading(operation::bound_field, v.ends.front()),
                                               reading(operation::bound_field, other)));
    }
  }
  return all;
}

cep::expression path_meaning::reading(operation op, end what) const {
  cep::expression e;
  e.op = op;
  e.type = cep::type_of(work_.names.schema[types_[what.edge]][what.field].type);
  e.field = what.field;
  if (op == operation::bound_field) e.index = static_cast<std::uint16_t>(what.edge);
  return e;
}

std::vector<ast::identifier> path_meaning::vertices() const {
  std::vector<ast::identifier> all;
  for (const auto& v : vertices_) {
    ast::identifier& one = all.emplace_back();
    static_cast<ast::located&>(one) = v.place;
    one.name = v.name;
  }
  return all;
}

const path_meaning::vertex* path_meaning::find(std::string_view name) const {
  const auto found = std::ranges::find(vertices_, name, &vertex::name);
  return found == vertices_.end() ? nullptr : &*found;
}

void path_meaning::error(const ast::located& place, std::string message, std::string hint) const {
  work_.found.error(span_of(file_, place), std::move(message), std::move(hint));
}

// ---- a path's `where`

namespace {

void collect_steps(const cep::expression& e, std::vector<std::size_t>& into) {
  if (reads_step(e)) into.push_back(e.index);
  for (const auto& arg : e.args) collect_steps(arg, into);
}

cep::expression read_at_hand(cep::expression e, std::size_t step) {
  if (e.op == operation::bound_field && e.index == step) {
    e.op = operation::field;
    e.index = 0;
  }
  for (auto& arg : e.args) arg = read_at_hand(std::move(arg), step);
  return e;
}

}  // namespace

cep::expression spread_over_edges(const cep::expression& where, const path_meaning& path,
                                  std::vector<std::variant<cep::step_group, cep::absence>>& parts) {
  std::vector<cep::step*> steps;
  for (auto& part : parts) {
    for (auto& step : std::get<cep::step_group>(part).steps) steps.push_back(&step);
  }
  auto rest = cep::always();
  for (auto& conjunct : cep::conjuncts(where)) {
    std::vector<std::size_t> read;
    collect_steps(conjunct, read);
    std::ranges::sort(read);
    read.erase(std::ranges::unique(read).begin(), read.end());
    if ((path.any_order() && read.size() > 1) || cep::reads(conjunct, operation::graph_call)) {
      rest = cep::both(std::move(rest), std::move(conjunct));
      continue;
    }
    const std::size_t last = read.empty() ? 0 : read.back();
    auto& filter = steps[last]->events;
    filter.where = cep::both(std::move(filter.where), read_at_hand(std::move(conjunct), last));
  }
  return rest;
}

}  // namespace weir::rules
