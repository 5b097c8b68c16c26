#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "rules/sigma/import.hpp"
#include "rules/sigma/names.hpp"

namespace weir::sigma {

/// What can be asked of a field.
enum class field_kind : std::uint8_t { text, number, truth, address, entity, other };

/// How rules use a field, which decides its type where the mapping does not.
enum class field_use : std::uint8_t { any, text, whole_number, number, address };

/// A field of an event in Weir.
struct field_plan {
  std::string name;
  std::string type;  // "text?"; empty until `choose_types`
  field_kind kind = field_kind::text;
  std::set<field_use> uses;
  bool written = false;  // a rule that was written reads it
};

/// An event that log sources become.
struct event_plan {
  std::string name;
  const source_choice* choice = nullptr;     // none: the mapping says nothing about it
  std::map<std::string, field_plan> fields;  // by their names in Sigma
  name_pool field_names;
  bool written = false;
};

/// All events of an import, and their fields.
class event_plans {
 public:
  /// `names` outlives the plans.
  explicit event_plans(const mapping& names) : names_(names) {}

  event_plan& of(const logsource& source);
  field_plan& field(event_plan& event, const std::string& sigma_name);
  void note(event_plan& event, const std::string& sigma_name, field_use use);
  /// To be called when every use is noted.
  void choose_types();

  const std::map<std::string, event_plan>& events() const { return events_; }

 private:
  const mapping& names_;
  std::map<std::string, event_plan> events_;
};

/// A type without its `?`.
std::string bare_type(const std::string& type);
field_kind kind_of(const std::string& type);

}  // namespace weir::sigma
