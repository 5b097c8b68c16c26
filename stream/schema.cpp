#include "stream/schema.hpp"

#include <algorithm>
#include <utility>

namespace weir::stream {

std::optional<field_id> event_type::find(std::string_view field_name) const {
  const auto found = std::ranges::find(fields, field_name, &field::name);
  if (found == fields.end()) return std::nullopt;
  return static_cast<field_id>(found - fields.begin());
}

event_type_id schema::add(event_type type) {
  events_.push_back(std::move(type));
  return static_cast<event_type_id>(events_.size() - 1);
}

entity_type_id schema::add_entity(std::string name) {
  entities_.push_back(std::move(name));
  return static_cast<entity_type_id>(entities_.size() - 1);
}

std::optional<event_type_id> schema::find(std::string_view event_name) const {
  const auto found = std::ranges::find(events_, event_name, &event_type::name);
  if (found == events_.end()) return std::nullopt;
  return static_cast<event_type_id>(found - events_.begin());
}

std::optional<entity_type_id> schema::find_entity(std::string_view entity_name) const {
  const auto found = std::ranges::find(entities_, entity_name);
  if (found == entities_.end()) return std::nullopt;
  return static_cast<entity_type_id>(found - entities_.begin());
}

std::string to_text(const field_type& type, const schema& names) {
  switch (type.kind) {
    case type_kind::boolean: return "bool";
    case type_kind::integer: return "int";
    case type_kind::floating: return "float";
    case type_kind::decimal: return "decimal";
    case type_kind::money: return "money(" + std::string{code_of(type.currency)} + ")";
    case type_kind::text: return "text";
    case type_kind::time: return "time";
    case type_kind::duration: return "duration";
    case type_kind::ip: return "ip";
    case type_kind::entity: return names.name(type.entity);
  }
  std::unreachable();
}

}  // namespace weir::stream
