#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "cep/engine.hpp"
#include "cep/expression.hpp"
#include "tests/support/plain_event.hpp"

namespace weir::testing {

/// A value in the oracle's hands: its alternative follows from the expression's type, `monostate` is missing.
using naive_value = std::variant<std::monostate, bool, cep::int128, double, std::string, stream::ip_address>;

inline bool is_missing(const naive_value& v) { return std::holds_alternative<std::monostate>(v); }

/// The events that a match binds: for each step of the pattern, as they are written, the places in the stream of its
/// events, oldest first. None where the step bound nothing, or is not reached yet.
using naive_binding = std::vector<std::vector<std::size_t>>;

class naive_limits;

/// Where a match ends: at the event `place`, or behind all events of the time of a deadline.
struct naive_moment {
  stream::timestamp at;
  std::optional<std::size_t> place;
};

/// What an expression may look at.
struct naive_context {
  const stream::schema* types = nullptr;
  std::span<const plain_event> events{};  // the whole stream
  const plain_event* at_hand = nullptr;   // the event that a `where` judges
  std::span<const std::vector<std::size_t>> bound{};
  std::span<const std::string> subject{};  // one for each of the pattern's subjects
  std::span<const naive_value> aggregates{};
  const cep::reference_data* data = nullptr;
  std::optional<naive_moment> now{};     // where the match ends, if it has
  const naive_limits* limits = nullptr;  // of the pattern, if it has any: what windows do not see
};

/// The value of an expression, by walking its tree.
naive_value evaluate(const cep::expression& e, const naive_context& context);

/// "A missing value used as a condition is false."
bool holds(const cep::expression& condition, const naive_context& context);

naive_value read_field(const plain_event& event, stream::field_id field);

/// How many digits the unit's smallest part has: a currency's, six for times, none for plain numbers.
int unit_digits(const cep::value_type& type);

}  // namespace weir::testing
