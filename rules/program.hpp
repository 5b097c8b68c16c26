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
#include "rules/written.hpp"
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

/// `raise EVENT { FIELD: EXPR … }`: the expressions read what a reason may read.
struct raised_event {
  stream::event_type_id type{};
  std::vector<std::pair<stream::field_id, cep::expression>> fields;
  std::optional<stream::field_id> id{};  // a text that the rule does not give: it becomes the alert's id

  friend bool operator==(const raised_event&, const raised_event&) = default;
};

/// A list, table or model that a rule reads: its index in the program's.
struct rule_input {
  enum class kind : std::uint8_t { list, table, model };

  kind what = kind::list;
  std::uint16_t index = 0;

  friend auto operator<=>(const rule_input&, const rule_input&) = default;
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
  std::vector<std::string> value_names;  // how the rule writes each of the pattern's aggregates, and its graph calls
  std::vector<reason_part> reason;
  std::optional<raised_event> raise{};
  std::uint32_t stratum = 0;         // above those of the rules whose events it matches; 0 for those that match on none
  std::vector<rule_input> inputs{};  // sorted
  std::vector<written_condition> conditions;  // as they stand in its file, for tools
  std::vector<rule_test> tests;
  source_span where;  // of its name
};

/// A file that rules read beside the stream, and which version of it is in force.
struct reference_file {
  std::string name;  // of the list, table or model
  std::string path;
  std::string content_hash;  // 16 hex digits: XXH3-64 over the file's bytes

  friend bool operator==(const reference_file&, const reference_file&) = default;
};

/// `list NAME : TYPE from "FILE"`.
struct list_source {
  reference_file file;
  stream::field_type type;
  std::string type_name;  // as it is written
};

/// `table NAME : KEY -> { COLUMN: TYPE … } from "FILE"`.
struct table_source {
  reference_file file;
  stream::field_type key;
  std::string key_name;  // the key's type, as it is written
  std::vector<stream::field> columns;
};

/// `model NAME : KIND from "FILE"`.
struct model_source {
  reference_file file;
  std::string kind;
};

/// `graph NAME : EVENT(from -> to, weight FIELD) keep D refresh D`.
struct graph_declaration : cep::graph_shape {
  std::string name;

  friend bool operator==(const graph_declaration&, const graph_declaration&) = default;
};

/// A set of rule files, compiled: all that a run needs. Text fields that no rule reads are not interned.
struct program {
  stream::schema schema;
  std::vector<rule> rules;           // in the order of the files; `off` ones are here, but not in patterns()
  cep::reference_data data;          // of its lists, tables and models
  std::vector<list_source> lists{};  // these by the indexes that expressions use, as in `data`
  std::vector<table_source> tables{};
  std::vector<model_source> models{};
  std::vector<graph_declaration> graphs{};

  const reference_file& file_of(rule_input input) const;

  std::vector<cep::pattern> patterns() const;  // of the rules that are not off, in order
  std::vector<const rule*> active() const;     // the same rules
};

}  // namespace weir::rules
