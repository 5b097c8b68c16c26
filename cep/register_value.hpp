#pragma once

#include <cstdint>
#include <utility>

#include "cep/expression.hpp"
#include "stream/table.hpp"

// Values of fields as they are kept beside an event, to be compared without a look at it: numbers and ids, in 64 bits.
namespace weir::cep {

/// The field's value in a row that has it: an exact number, or an id.
inline std::int64_t register_value(const stream::table& table, std::uint32_t row, stream::field_id field,
                                   value_kind kind) {
  const stream::column& values = table[field];
  return kind == value_kind::exact ? values.number(row) : static_cast<std::int64_t>(values.id(row));
}

/// `a OP b`, of a comparison.
template <class Number>
bool compare(operation op, Number a, Number b) {
  switch (op) {
    case operation::equal: return a == b;
    case operation::not_equal: return a != b;
    case operation::less: return a < b;
    case operation::less_equal: return a <= b;
    case operation::greater: return a > b;
    case operation::greater_equal: return a >= b;
    default: std::unreachable();
  }
}

inline bool is_comparison(operation op) { return operation::equal <= op && op <= operation::greater_equal; }

/// The comparison with its sides exchanged.
inline operation mirrored(operation op) {
  switch (op) {
    case operation::less: return operation::greater;
    case operation::less_equal: return operation::greater_equal;
    case operation::greater: return operation::less;
    case operation::greater_equal: return operation::less_equal;
    default: return op;
  }
}

}  // namespace weir::cep
