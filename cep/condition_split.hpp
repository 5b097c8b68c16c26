#pragma once

#include <vector>

#include "cep/pattern.hpp"

namespace weir::cep {

/// Whether the expression, or any part of it, is of this operation.
bool reads(const expression& e, operation op);
/// Whether it reads events that steps have bound.
bool reads_bound(const expression& e);
/// Marks the aggregates that the expression reads.
void mark_aggregates(const expression& e, std::vector<bool>& into);

/// A condition by what it reads: the event alone; the subject or a graph too; bound events too.
struct split_condition {
  expression local = always();
  expression of_subject = always();
  expression join = always();
};

split_condition split(const expression& condition);

/// Whether the body is single steps with absences between them, at most one at the end.
bool is_plain(const pattern& p);

}  // namespace weir::cep
