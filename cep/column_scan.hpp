#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "cep/evaluator.hpp"
#include "stream/table.hpp"

namespace weir::cep {

/// A condition that compares one field with a constant, made ready to be computed over a whole column at once.
class column_scan {
 public:
  /// Nothing if the condition is not of that form: a number, an id or a truth value of the event at hand, compared with
  /// a literal of the same digits or fewer.
  static std::optional<column_scan> make(const expression& condition, stream::symbols& names);

  /// `field = constant` over ids, which many conditions with one look-up can answer (guards).
  struct id_equality {
    stream::field_id field{};
    stream::symbol constant{};
  };
  std::optional<id_equality> as_id_equality() const;

  /// `field` between two numbers, both in, of which many can be answered with one look-up too.
  struct number_range {
    stream::field_id field{};
    std::int64_t least = 0;
    std::int64_t greatest = 0;
  };
  std::optional<number_range> as_number_range() const;

  /// Clears the bit of every row for which the condition does not hold. A bit a row, from the lowest of the first word.
  void narrow(const stream::table& rows, std::span<std::uint64_t> bits) const;

 private:
  stream::field_id field_{};
  operation op_{};
  value_kind kind_{};
  std::int64_t constant_ = 0;
};

}  // namespace weir::cep
