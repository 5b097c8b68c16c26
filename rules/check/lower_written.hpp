#pragma once

#include "rules/check/lower_expression.hpp"

namespace weir::rules {

/// Lowers a condition of a rule, and keeps for tools what was written (`workplace::conditions`).
lowered lower_written(const ast::expression& e, const scope& where, workplace& work, written_condition::clause clause,
                      std::size_t event = 0);

/// Called for every expression as it gets its meaning.
void note_written(const ast::expression& e, const cep::expression& means, std::uint32_t file, workplace& work);

}  // namespace weir::rules
