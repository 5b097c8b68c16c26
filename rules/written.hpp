#pragma once

#include <cstdint>
#include <vector>

#include "cep/expression.hpp"
#include "rules/diagnostic.hpp"

namespace weir::rules {

/// An expression as it stands in a rule file, and what it means there.
struct written_expression {
  enum class form : std::uint8_t { literal, conjunction, other };  // `5 EUR`; `a and b`; else

  source_span where;
  form is = form::other;
  cep::expression means;

  friend bool operator==(const written_expression&, const written_expression&) = default;
};

/// A condition of a rule as it stands in its file: it, and the expressions in it, so that a tool can show what each
/// came to. Of a very large condition not all expressions are kept.
struct written_condition {
  enum class clause : std::uint8_t { where, path, when, unless };  // `path`: the `where` of all its edges

  clause says = clause::when;
  std::size_t event = 0;  // of a `where`: which step or absence it belongs to, counted as they are written
  std::vector<written_expression> expressions;  // each after those that stand in it; the last one is the condition

  const written_expression& whole() const { return expressions.back(); }
  friend bool operator==(const written_condition&, const written_condition&) = default;
};

/// The expressions that stand directly in `outer`, from left to right.
std::vector<const written_expression*> parts_of(const written_condition& condition, const written_expression& outer);

/// What has to hold for the condition to hold, apart: `a and (b and not c)` gives a, b and not c.
std::vector<const written_expression*> conjuncts_of(const written_condition& condition);

}  // namespace weir::rules
