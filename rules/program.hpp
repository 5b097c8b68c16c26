#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "cep/engine.hpp"
#include "cep/pattern.hpp"
#include "rules/diagnostic.hpp"
#include "stream/schema.hpp"

namespace weir::rules {

enum class severity : std::uint8_t { low, medium, high, critical };
enum class rule_mode : std::uint8_t { live, shadow, off };

std::string_view to_text(severity s);
std::string_view to_text(rule_mode m);

/// A rule's `reason`: texts and expressions in turn. The expressions read bound events, aggregates and the span.
using reason_part = std::variant<std::string, cep::expression>;

/// One event of a `test`, ready to be put in a table: a value a field, missing ones left out.
struct test_event {
  stream::event_type_id type{};
  stream::timestamp at;
  std::vector<std::pair<stream::field_id, cep::constant_value>> fields;  // numbers in the field's own digits
};

/// `expect [no alert | alert | N alerts] [for SUBJECT] [at TIME]`.
struct expectation {
  std::uint32_t alerts = 0;
  std::vector<std::string> subject;  // a value for each of the rule's; empty: of any subject
  std::optional<stream::timestamp> at;
  source_span where;
};

struct rule_test {
  std::string name;
  std::vector<test_event> events;
  std::vector<expectation> expectations;
  source_span where;
};

/// A rule, checked and lowered: its pattern, and what an alert says about it.
struct rule {
  std::string name;
  std::uint32_t version = 1;
  std::string content_hash;  // 16 hex digits over everything that changes its alerts
  rules::severity severity = severity::medium;
  std::optional<std::int64_t> score;
  std::vector<std::string> tags;
  rule_mode mode = rule_mode::live;
  std::vector<std::string> subject_names;  // "card"; none for a rule about the whole stream
  cep::pattern pattern;
  std::vector<std::string> value_names;  // how the rule writes each of the pattern's aggregates
  std::vector<reason_part> reason;
  std::vector<rule_test> tests;
  source_span where;  // of its name
};

/// A set of rule files, compiled: all that a run needs. Text fields that no rule reads are not interned.
struct program {
  stream::schema schema;
  std::vector<rule> rules;   // in the order of the files; `off` ones are here, but not in patterns()
  cep::reference_data data;  // of its lists, tables and models

  std::vector<cep::pattern> patterns() const;  // of the rules that are not off, in order
  std::vector<const rule*> active() const;     // the same rules
};

}  // namespace weir::rules
