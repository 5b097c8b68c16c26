#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "cep/value.hpp"

namespace weir::cep {

/// What an expression does with its arguments.
enum class operation : std::uint8_t {
  literal,      // `constant`
  field,        // `field` of the event at hand
  bound_field,  // `field` of the event bound by step `index`
  subject,      // the subject
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
  in_list,  // args[0] is in the program's list `index`
  is_missing,
  or_default,
};

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
  constant_value constant = true;
  std::vector<expression> args = {};

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
