#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cep/engine.hpp"
#include "rules/check/findings.hpp"
#include "rules/check/load.hpp"
#include "rules/check/types.hpp"
#include "rules/program.hpp"
#include "rules/written.hpp"
#include "stream/schema.hpp"

namespace weir::rules {

/// How far the meaning of a declaration is known. One in error has been reported: what reads it stays silent.
enum class checked : std::uint8_t { not_yet, underway, good, in_error };

struct declared_event {
  stream::event_type_id id{};
  source_span where;
  std::set<std::string> in_error;  // fields whose declaration is in error
};

/// What a deployment sets a param to.
struct param_setting {
  cep::expression value;
  source_span where;
};

struct declared_param {
  source_span where;
  const ast::param_declaration* tree = nullptr;
  std::optional<param_setting> set_to{};
  checked state = checked::not_yet;
  cep::expression constant{};
};

struct declared_list {
  source_span where;
  std::uint16_t index = 0;
  cep::value_type type{};
  std::string type_name{};
  checked state = checked::good;
};

struct declared_table {
  source_span where;
  std::uint16_t index = 0;
  cep::value_type key{};
  std::vector<stream::field> columns{};  // by the index that expressions use
  std::set<std::string> in_error{};      // columns whose declaration is in error
  checked state = checked::good;
};

struct declared_model {
  source_span where;
  std::uint16_t index = 0;
  std::size_t features = 0;  // how many numbers it wants
  checked state = checked::good;
};

struct declared_graph {
  source_span where;
  std::uint16_t index = 0;
  checked state = checked::good;
};

struct declared_let {
  source_span where;
  const ast::let_declaration* tree = nullptr;
  checked state = checked::not_yet;
};

template <class T>
using by_name = std::map<std::string, T, std::less<>>;

/// Everything that the files declare outside rules, whatever their order.
struct declared {
  stream::schema schema;
  cep::reference_data data;
  std::vector<list_source> list_sources;  // these four by index
  std::vector<table_source> table_sources;
  std::vector<model_source> model_sources;
  std::vector<graph_declaration> graph_values;

  by_name<source_span> entities;
  by_name<declared_event> events;
  by_name<declared_param> params;
  by_name<declared_list> lists;
  by_name<declared_table> tables;
  by_name<declared_model> models;
  by_name<declared_graph> graphs;
  by_name<declared_let> lets;

  /// True if a field of the event is in error: what it seems to lack may be that field.
  bool has_field_in_error(std::string_view event) const {
    const auto known = events.find(event);
    return known != events.end() && !known->second.in_error.empty();
  }
};

/// What all of checking shares.
struct workplace {
  declared names;
  findings found;
  std::vector<source_file> files;
  std::size_t calls = 0;  // of lets, put in place in the rule or let at hand

  // For tools (lower_written.hpp).
  std::vector<written_condition> conditions = {};  // of the rule at hand
  written_condition* written = nullptr;            // the one at hand
  std::size_t written_nodes = 0;
};

/// Whether the language has a function of this name, and all that it has.
bool is_function(std::string_view name);
std::vector<std::string> function_names();

template <class T>
std::vector<std::string> names_of(const by_name<T>& declared_names) {
  std::vector<std::string> names;
  for (const auto& [name, ignored] : declared_names) names.push_back(name);
  return names;
}

/// The type that was written; nothing, and a finding, when there is none of that name.
std::optional<stream::field_type> resolve_type(const ast::type_name& written, std::uint32_t file, workplace& work);

/// Enters what all files declare, but for rules. Params and lets are only named here: their meaning is
/// worked out when first read.
void declare_all(const syntax_trees& trees, const file_reader& read, workplace& work);

/// Enter a list, a table, a model or a graph: their types are checked, their files read.
void declare_list(const ast::list_declaration& tree, std::uint32_t file, const file_reader& read, workplace& work);
void declare_table(const ast::table_declaration& tree, std::uint32_t file, const file_reader& read, workplace& work);
void declare_model(const ast::model_declaration& tree, std::uint32_t file, const file_reader& read, workplace& work);
void declare_graph(const ast::graph_declaration& tree, std::uint32_t file, workplace& work);

}  // namespace weir::rules
