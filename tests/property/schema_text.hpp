#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/property/tape.hpp"

namespace weir::testing {

/// What the generated files are made of: the kinds of field, each in every event at most once and always by one name.
enum class field_kind : std::uint8_t {
  account,  // `acct`; every event has it
  peer,     // a second field of the type `account`
  device,
  text,
  integer,
  decimal,
  floating,
  money,
  duration,
  time,
  boolean,
  address,
  latitude,   // `lat`, and with it always
  longitude,  // `lon`
};
inline constexpr std::size_t field_kinds = 14;

std::string name_of(field_kind kind);
std::string type_of(field_kind kind);

struct field_plan {
  field_kind kind{};
  bool optional = false;
};

struct event_plan {
  std::string name;
  std::vector<field_plan> fields;

  bool has(field_kind kind) const;
};

/// The events of a generated file that sources bring; of a rule, all that it may match.
struct schema_plan {
  std::vector<event_plan> events;
};

schema_plan plan_schema(tape_reader choices);

/// Events that no source brings: what rules raise. The first may be raised by rules that match none of them, the second
/// by rules that match the first.
const std::vector<event_plan>& raised_events();

/// The declarations: entities, events, params, lists, tables and lets.
std::string declarations(const schema_plan& plan);

/// The text of a list's or a table's file.
std::optional<std::string> list_file(const std::string& path);

/// Every value that a field of this kind can take, as a rule writes it: few, so that equalities hold.
std::vector<std::string> literals_of(field_kind kind);

}  // namespace weir::testing
