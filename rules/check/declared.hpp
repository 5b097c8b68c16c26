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
  std::vector<cep::value_list> list_values;

  by_name<source_span> entities;
  by_name<declared_event> events;
  by_name<declared_param> params;
  by_name<declared_list> lists;
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
};

template <class T>
std::vector<std::string> names_of(const by_name<T>& declared_names) {
  std::vector<std::string> names;
  for (const auto& [name, ignored] : declared_names) names.push_back(name);
  return names;
}

/// The type that was written; nothing, and a finding, when there is none of that name.
std::optional<stream::field_type> resolve_type(const ast::type_name& written, std::uint32_t file, workplace& work);

/// Enters entities, events, params, lists and lets of all files. Params and lets are only named here: their meaning is
/// worked out when first read.
void declare_all(const syntax_trees& trees, const file_reader& read, workplace& work);

/// Reads the list's values, and says what is wrong with its file.
void read_list(const ast::list_declaration& tree, const stream::field_type& type, std::uint32_t file,
               const file_reader& read, workplace& work, cep::value_list& into);

}  // namespace weir::rules
