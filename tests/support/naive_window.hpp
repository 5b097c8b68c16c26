#pragma once

#include "cep/pattern.hpp"
#include "tests/support/naive_evaluator.hpp"

namespace weir::testing {

/// Where a match ends: at the event `place`, or at a passed deadline.
struct match_end {
  stream::timestamp at;
  std::size_t place = 0;  // of the last event; of a deadline, the event that it counts from
  bool is_deadline = false;
};

/// "It belongs to s if the field that the `where` equates with the subject, or else the field of the subject's name, is
/// s." Of a filter without such fields every event of its type; conditions play no part.
bool belongs(const cep::event_filter& filter, std::size_t place, const naive_context& context);

/// Whether an event takes part: its type is the filter's, it belongs to the subject, and `where` holds.
bool qualifies(const cep::event_filter& filter, std::size_t place, naive_context context);

/// The value of an aggregate where a match ends. `context` holds the match's subject and bound events.
naive_value aggregate_at(const cep::aggregate& a, const match_end& end, const naive_context& context);

/// How far an engine's value may be from the oracle's: "exact …; on floats within 1e-12 of the sum of magnitudes". What
/// takes a root or lies between two ranks is rounded, of whole numbers too.
double tolerance_at(const cep::aggregate& a, const match_end& end, const naive_context& context);

}  // namespace weir::testing
