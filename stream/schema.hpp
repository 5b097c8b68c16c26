#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stream/currency.hpp"

namespace weir::stream {

enum class event_type_id : std::uint16_t {};
enum class field_id : std::uint16_t {};
enum class entity_type_id : std::uint16_t {};

// g++ 12 takes the scoped `duration` for a shadow of stream::duration wherever stream/time.hpp comes first.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
/// The types a field can have; the names are the rule language's.
enum class type_kind : std::uint8_t { boolean, integer, floating, decimal, money, text, time, duration, ip, entity };
#pragma GCC diagnostic pop

/// A field's type: its kind, and which currency or which entity where the kind asks for one.
struct field_type {
  type_kind kind = type_kind::boolean;
  currency_id currency{};
  entity_type_id entity{};

  friend bool operator==(const field_type&, const field_type&) = default;
};

/// `decimal` is a 64-bit count of 10^-8: exact to eight digits, up to about 9.2e10 (docs/adr/0003).
inline constexpr int decimal_digits = 8;

/// One field of an event. `interned` says how a text is stored: as a dense id that can be compared and counted, or,
/// where nothing reads it, as the bytes it came with. It has no meaning for other kinds.
struct field {
  std::string name;
  field_type type;
  bool optional = false;
  bool interned = false;

  friend bool operator==(const field&, const field&) = default;
};

/// One type of event. Its fields do not include `at`, which every event has.
struct event_type {
  std::string name;
  std::vector<field> fields;

  std::optional<field_id> find(std::string_view field_name) const;
  const field& operator[](field_id id) const { return fields[static_cast<std::size_t>(id)]; }
  field& operator[](field_id id) { return fields[static_cast<std::size_t>(id)]; }

  friend bool operator==(const event_type&, const event_type&) = default;
};

/// Every event and entity a program knows; filled once, then shared read-only by all stages.
class schema {
 public:
  /// Adds an event type and returns its id. Names are unique: that is the caller's to check.
  event_type_id add(event_type type);
  entity_type_id add_entity(std::string name);

  std::optional<event_type_id> find(std::string_view event_name) const;
  std::optional<entity_type_id> find_entity(std::string_view name) const;

  const event_type& operator[](event_type_id id) const { return events_[static_cast<std::size_t>(id)]; }
  event_type& operator[](event_type_id id) { return events_[static_cast<std::size_t>(id)]; }
  const std::string& name(entity_type_id id) const { return entities_[static_cast<std::size_t>(id)]; }

  const std::vector<event_type>& events() const { return events_; }
  const std::vector<std::string>& entities() const { return entities_; }

  friend bool operator==(const schema&, const schema&) = default;

 private:
  std::vector<event_type> events_;
  std::vector<std::string> entities_;
};

/// "money(EUR)", "text", or an entity's name, as the language spells it.
std::string to_text(const field_type& type, const schema& names);

}  // namespace weir::stream
