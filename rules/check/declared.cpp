#include "rules/check/declared.hpp"

#include <algorithm>

namespace weir::rules {
namespace {

using stream::type_kind;

const by_name<type_kind> plain_types = {
    {"bool", type_kind::boolean},    {"int", type_kind::integer},       {"float", type_kind::floating},
    {"decimal", type_kind::decimal}, {"money", type_kind::money},       {"text", type_kind::text},
    {"time", type_kind::time},       {"duration", type_kind::duration}, {"ip", type_kind::ip}};

// What other languages call them.
const by_name<std::string> names_elsewhere = {{"string", "text"},       {"str", "text"},
                                              {"varchar", "text"},      {"integer", "int"},
                                              {"long", "int"},          {"double", "float"},
                                              {"real", "float"},        {"boolean", "bool"},
                                              {"timestamp", "time"},    {"datetime", "time"},
                                              {"numeric", "decimal"},   {"currency", "money"},
                                              {"interval", "duration"}, {"number", "int, decimal or float"}};

const std::set<std::string, std::less<>> aggregate_names = {
    "count", "sum", "avg", "min", "max", "stddev", "distinct", "first", "last", "median", "percentile", "prev"};

class declaring {
 public:
  declaring(std::uint32_t file, const file_reader& read, workplace& work) : file_(file), read_(read), work_(work) {}

  void entity(const ast::entity_declaration& tree) {
    const auto& name = tree.name.name;
    if (plain_types.contains(name)) {
      return work_.found.error(at(tree.name), quoted(name) + " is a type of the language", "name the entity otherwise");
    }
    if (!is_new(tree.name, names().entities, "entity")) return;
    names().schema.add_entity(name);
    names().entities.emplace(name, at(tree.name));
  }

  void event(const ast::event_declaration& tree);

  // A bare name is one thing: a param can't be called like a list.
  void param(const ast::param_declaration& tree) {
    if (!is_free(tree.name)) return;
    names().params.emplace(tree.name.name, declared_param{.where = at(tree.name), .tree = &tree});
  }

  void list(const ast::list_declaration& tree) {
    if (is_free(tree.name)) declare_list(tree, file_, read_, work_);
  }
  void table(const ast::table_declaration& tree) {
    if (is_free(tree.name)) declare_table(tree, file_, read_, work_);
  }
  void model(const ast::model_declaration& tree) {
    if (is_free(tree.name)) declare_model(tree, file_, read_, work_);
  }
  void graph(const ast::graph_declaration& tree) {
    if (is_free(tree.name)) declare_graph(tree, file_, work_);
  }

  void let(const ast::let_declaration& tree) {
    if (aggregate_names.contains(tree.name.name)) {
      return work_.found.error(at(tree.name), quoted(tree.name.name) + " is an aggregate of the language",
                               "name the let otherwise");
    }
    if (is_function(tree.name.name)) {
      return work_.found.error(at(tree.name), quoted(tree.name.name) + " is a function of the language",
                               "name the let otherwise");
    }
    if (!is_new(tree.name, names().lets, "let")) return;
    names().lets.emplace(tree.name.name, declared_let{.where = at(tree.name), .tree = &tree});
  }

 private:
  declared& names() { return work_.names; }
  source_span at(const ast::located& node) const { return span_of(file_, node); }

  static source_span place_of(source_span where) { return where; }
  template <class T>
  static source_span place_of(const T& entry) {
    return entry.where;
  }

  template <class T>
  bool is_new(const ast::identifier& name, const by_name<T>& known, std::string_view what) {
    const auto found = known.find(name.name);
    if (found == known.end()) return true;
    already_declared(name, what, place_of(found->second));
    return false;
  }

  bool is_free(const ast::identifier& name) {
    return is_new(name, names().params, "param") && is_new(name, names().lists, "list") &&
           is_new(name, names().tables, "table") && is_new(name, names().models, "model") &&
           is_new(name, names().graphs, "graph");
  }

  void already_declared(const ast::identifier& name, std::string_view what, source_span first) {
    work_.found.error(at(name), "there is " + with_article(what) + " " + quoted(name.name) + " already",
                      "the first is in " + line_text(first, file_, work_.files));
  }

  void field(const ast::field_group& group, const ast::identifier& name, const std::optional<stream::field_type>& type);
  void time_field(const ast::field_group& group, const ast::identifier& name,
                  const std::optional<stream::field_type>& type);
  void id_field(const ast::field_group& group, const ast::identifier& name, const stream::field_type& type);

  std::uint32_t file_;
  const file_reader& read_;
  workplace& work_;
  // The event being declared.
  stream::event_type event_;
  declared_event entry_;
  by_name<source_span> fields_;
};

void declaring::event(const ast::event_declaration& tree) {
  if (!is_new(tree.name, names().events, "event") || !is_new(tree.name, names().entities, "entity")) return;
  event_ = {.name = tree.name.name, .fields = {}};
  entry_ = {.id = {}, .where = at(tree.name), .in_error = {}};
  fields_.clear();
  for (const auto& group : tree.fields) {
    const auto type = resolve_type(group.type, file_, work_);
    for (const auto& name : group.names) field(group, name, type);
  }
  if (!fields_.contains("at")) {
    work_.found.error(at(tree.name), "the event " + quoted(tree.name.name) + " has no time",
                      "every event has a field `at: time`");
  }
  entry_.id = names().schema.add(std::move(event_));
  names().events.emplace(tree.name.name, std::move(entry_));
}

void declaring::field(const ast::field_group& group, const ast::identifier& name,
                      const std::optional<stream::field_type>& type) {
  if (!is_new(name, fields_, "field")) return;
  fields_.emplace(name.name, at(name));
  if (name.name == "at") return time_field(group, name, type);
  if (!type) {
    entry_.in_error.insert(name.name);
    return;
  }
  if (name.name == "id") id_field(group, name, *type);
  event_.fields.push_back({.name = name.name, .type = *type, .optional = group.optional});
}

// `at` is no column of its own: every row has a time.
void declaring::time_field(const ast::field_group& group, const ast::identifier& name,
                           const std::optional<stream::field_type>& type) {
  if (type && type->kind != type_kind::time) {
    work_.found.error(at(group.type), "`at` is the event's time", "write `at: time`");
  } else if (group.optional) {
    work_.found.error(at(name), "an event can't lack its time", "write `at: time`, without `?`");
  }
}

void declaring::id_field(const ast::field_group& group, const ast::identifier&, const stream::field_type& type) {
  if (type.kind == type_kind::text || type.kind == type_kind::integer) return;
  work_.found.error(at(group.type), "`id` is the source's own identifier: a text or an int", "write `id: text`");
}

}  // namespace

std::optional<stream::field_type> resolve_type(const ast::type_name& written, std::uint32_t file, workplace& work) {
  const auto& name = written.name.name;
  const auto plain = plain_types.find(name);
  if (plain == plain_types.end()) {
    const auto entity = work.names.schema.find_entity(name);
    if (entity && !written.currency) return stream::field_type{.kind = type_kind::entity, .entity = *entity};
    if (entity) {
      work.found.error(span_of(file, written), quoted(name) + " takes no currency", "only money has one");
      return std::nullopt;
    }
    auto candidates = names_of(plain_types);
    std::ranges::copy(names_of(work.names.entities), std::back_inserter(candidates));
    const auto elsewhere = names_elsewhere.find(name);
    auto hint = elsewhere != names_elsewhere.end() ? "write " + elsewhere->second : did_you_mean(name, candidates);
    if (stream::find_currency(name)) hint = "write money(" + name + ")";
    if (hint.empty()) hint = "declare it: entity " + name;
    work.found.unknown(span_of(file, written.name), "there is no type " + quoted(name), std::move(hint));
    return std::nullopt;
  }
  if (plain->second != type_kind::money) {
    if (!written.currency) return stream::field_type{.kind = plain->second};
    work.found.error(span_of(file, written), quoted(name) + " takes no currency", "only money has one");
    return std::nullopt;
  }
  if (!written.currency) {
    work.found.error(span_of(file, written), "money needs its currency", "write money(EUR)");
    return std::nullopt;
  }
  const auto currency = stream::find_currency(written.currency->name);
  if (currency) return stream::field_type{.kind = type_kind::money, .currency = *currency};
  work.found.error(span_of(file, *written.currency), "there is no currency " + quoted(written.currency->name),
                   "currencies are ISO 4217 codes such as EUR, USD, JPY");
  return std::nullopt;
}

void declare_all(const syntax_trees& trees, const file_reader& read, workplace& work) {
  // Entities first: they are types of what follows, wherever they stand.
  const auto each = [&]<class Tree>(void (declaring::*declare)(const Tree&)) {
    for (std::uint32_t file = 0; file < trees.size(); ++file) {
      declaring one(file, read, work);
      for (const auto& declaration : trees[file].declarations) {
        if (const auto* tree = boost::get<Tree>(&declaration)) (one.*declare)(*tree);
      }
    }
  };
  each(&declaring::entity);
  each(&declaring::event);
  each(&declaring::list);
  each(&declaring::table);
  each(&declaring::model);
  each(&declaring::graph);
  each(&declaring::param);
  each(&declaring::let);
}

}  // namespace weir::rules
