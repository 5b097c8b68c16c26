#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "rules/sigma/finding.hpp"

// What Sigma documents say, before it is known what of it can be said in Weir's language.
namespace weir::sigma {

enum class value_kind : std::uint8_t { null, text, number, boolean };

/// A value as it is written. A quoted number is a text.
struct value {
  value_kind kind = value_kind::null;
  std::string text;
  place where;
};

/// `CommandLine|contains|all: [a, b]`. Without a field it is a search for keywords.
struct item {
  std::string field;
  std::vector<std::string> modifiers;
  std::vector<value> values;
  place where;
};

/// What stands behind a search identifier: one of several maps, all of whose items hold. Keywords are an item without
/// a field.
struct search {
  std::vector<std::vector<item>> maps;
  place where;
};

struct logsource {
  std::string category;
  std::string product;
  std::string service;

  friend auto operator<=>(const logsource&, const logsource&) = default;
};

/// What rules and correlations have in common.
struct head {
  std::string title;
  std::string id;
  std::string name;
  std::string description;
  std::string level;
  std::vector<std::string> tags;
  std::vector<std::string> false_positives;
  place where;
};

struct condition_text {
  std::string text;
  place where;
};

struct rule {
  sigma::head head;
  logsource source;
  std::map<std::string, search> searches;
  std::vector<condition_text> conditions;  // one of them has to hold
};

enum class correlation_type : std::uint8_t {
  event_count,
  value_count,
  value_sum,
  value_avg,
  temporal,
  temporal_ordered
};

struct correlation {
  /// `gte: 10`.
  struct limit {
    std::string comparison;
    value number;
  };

  sigma::head head;
  correlation_type type = correlation_type::event_count;
  std::vector<value> rules;                                           // their names or ids
  std::vector<value> group_by;                                        // fields or aliases
  std::map<std::string, std::map<std::string, std::string>> aliases;  // alias -> rule -> field
  std::string timespan;
  std::vector<limit> limits;
  value field;  // of value_…
  bool generate = false;
};

using document = std::variant<rule, correlation>;

/// The documents of a file, in order; those that are broken, or of a kind that is not read, are findings instead.
std::vector<document> read_documents(const std::string& text, std::uint32_t file, std::vector<finding>& findings);

}  // namespace weir::sigma
