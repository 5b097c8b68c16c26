#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cep/graph_question.hpp"
#include "cep/value.hpp"

namespace weir::cep {

/// What an expression does with its arguments.
enum class operation : std::uint8_t {
  literal,      // `constant`
  field,        // `field` of the event at hand
  bound_field,  // `field` of the event bound by step `index`; of a run, its last; missing where the step bound none
  first_field,  // `field` of the first event of the run bound by step `index`
  over_run,     // `function` over the run bound by step `index`: of `field`, events that lack it left out, or `count`
  subject,      // the subject `index`
  aggregate,    // the pattern's aggregate `index`
  span,         // time from the first to the last event of the match
  negate,
  add,
  subtract,
  multiply,
  divide,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  logical_and,
  logical_or,
  logical_not,
  in_list,      // args[0] is in the program's list `index`
  in_subnet,    // the first args[2] bits of the address args[0] are those of args[1]: literals, of sixteen bytes
  table_field,  // column `field` of the row with the key args[0] in the program's table `index`
  in_table,     // the program's table `index` has a row with the key args[0]
  score,        // what the program's model `index` gives for args: numbers in whole units (euros, seconds), 0 and 1
  is_missing,
  or_default,
  lower,        // of a text
  upper,        // of a text
  starts_with,  // text args[0], text args[1]
  ends_with,
  contains,
  matches,      // text args[0] as a whole or in part matches the RE2 pattern args[1], a literal
  length,       // of a text, in code points; the first argument of these may be the name of an entity
  absolute,     // |args[0]|
  round,        // args[0] to the nearest multiple of 10^-index of its unit, halves away from zero
  graph_call,   // what a graph says to `question` about args; the pattern's graph call `index` where a match ends
  this_event,   // of a graph_call: the edge that the event at hand is
  bound_event,  // of a graph_call: the edge that step `index` bound; of a run, its last
  first_event,  // of a graph_call: the first edge of the run that step `index` bound
  distance_km,  // great circle, from latitude args[0], longitude args[1] to args[2], args[3], in degrees; WGS84 mean
                // radius
};

/// What is computed over several events.
enum class aggregate_function : std::uint8_t {
  count,
  sum,
  avg,
  min,
  max,
  distinct,
  first,
  last,
  stddev,      // of a sample: divided by n − 1; missing of fewer than two
  percentile,  // between the two nearest, as PERCENTILE_CONT in SQL; the median is 0.5
  previous,    // the field of the latest event, missing if that event lacks it
};

std::string_view name_of(aggregate_function function);

/// `field` of an event that stands for its time.
inline constexpr stream::field_id at_field{0xffff};

/// A constant; a text or an entity is kept as written, and interned when a plan is made.
using constant_value = std::variant<bool, int128, double, std::string, stream::ip_address>;

/// A typed expression: a plain value, whole when `rules` hands it over. Types have been checked: both sides of a
/// comparison or a sum have one unit; digits may differ. Logic is two-valued: whatever is missing, where a condition
/// is asked for, is false, and so is a comparison with it. Division by zero and overflow give missing.
struct expression {
  operation op = operation::literal;
  value_type type;
  std::uint16_t index = 0;
  stream::field_id field{};
  aggregate_function function{};  // of over_run
  value_type field_type{};        // of over_run with a field: the field's own
  double parameter = 0;           // of over_run: a percentile's, from 0 to 1
  constant_value constant = true;
  std::vector<expression> args = {};
  std::optional<graph_question> question = {};  // of graph_call

  friend bool operator==(const expression&, const expression&) = default;
};

/// The condition that always holds: what a missing `where` means.
expression always();
bool is_always(const expression& e);

/// `a and b`, leaving out an `always` side.
expression both(expression a, expression b);

/// The conjuncts of a condition: `a and (b and c)` gives a, b, c.
std::vector<expression> conjuncts(const expression& condition);

/// True if the condition reads nothing but the event at hand and constants: it can be judged once for all subjects.
bool is_local(const expression& condition);

/// One line that tells two expressions apart exactly when they differ; for fingerprints, tests and `explain`.
std::string to_text(const expression& e);

}  // namespace weir::cep
