#include "rules/sigma/fields.hpp"

#include <algorithm>

namespace weir::sigma {

namespace {

bool fits(const logsource& wanted, const logsource& source) {
  const auto agrees = [](const std::string& a, const std::string& b) { return a.empty() || a == b; };
  return agrees(wanted.category, source.category) && agrees(wanted.product, source.product) &&
         agrees(wanted.service, source.service);
}

std::string default_event(const logsource& source) {
  std::string joined;
  for (const std::string& part : {source.product, source.category, source.service}) {
    if (part.empty()) continue;
    if (!joined.empty()) joined += '_';
    joined += part;
  }
  return small_identifier(joined);
}

std::string type_by_use(const std::set<field_use>& uses) {
  if (uses.contains(field_use::text)) return "text?";
  if (uses.contains(field_use::address)) return "ip?";
  if (uses.contains(field_use::number)) return "float?";
  if (uses.contains(field_use::whole_number)) return "int?";
  return "text?";
}

const field_choice* choice_of(const event_plan& event, const mapping& names, const std::string& sigma_name) {
  if (event.choice != nullptr) {
    const auto own = event.choice->fields.find(sigma_name);
    if (own != event.choice->fields.end()) return &own->second;
  }
  const auto shared = names.fields.find(sigma_name);
  return shared == names.fields.end() ? nullptr : &shared->second;
}

}  // namespace

event_plan& event_plans::of(const logsource& source) {
  const auto choice =
      std::ranges::find_if(names_.sources, [&](const source_choice& c) { return fits(c.source, source); });
  const bool chosen = choice != names_.sources.end();
  const std::string name = chosen ? choice->event : default_event(source);
  const auto [found, added] = events_.try_emplace(name);
  if (added) {
    found->second.name = name;
    found->second.choice = chosen ? &*choice : nullptr;
  }
  return found->second;
}

field_plan& event_plans::field(event_plan& event, const std::string& sigma_name) {
  const auto [found, added] = event.fields.try_emplace(sigma_name);
  if (added) {
    const field_choice* choice = choice_of(event, names_, sigma_name);
    const bool named = choice != nullptr && !choice->name.empty();
    found->second.name = event.field_names.take(named ? choice->name : identifier(sigma_name));
    if (choice != nullptr) found->second.type = choice->type;
  }
  return found->second;
}

void event_plans::note(event_plan& event, const std::string& sigma_name, field_use use) {
  field(event, sigma_name).uses.insert(use);
}

void event_plans::choose_types() {
  for (auto& [name, event] : events_) {
    for (auto& [sigma_name, field] : event.fields) {
      if (field.type.empty()) field.type = type_by_use(field.uses);
      field.kind = kind_of(field.type);
    }
  }
}

std::string bare_type(const std::string& type) { return type.ends_with('?') ? type.substr(0, type.size() - 1) : type; }

field_kind kind_of(const std::string& type) {
  const std::string bare = bare_type(type);
  if (bare == "text") return field_kind::text;
  if (bare == "int" || bare == "float" || bare == "decimal") return field_kind::number;
  if (bare == "bool") return field_kind::truth;
  if (bare == "ip") return field_kind::address;
  if (bare == "time" || bare == "duration" || bare.starts_with("money")) return field_kind::other;
  return field_kind::entity;
}

}  // namespace weir::sigma
