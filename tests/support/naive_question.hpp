#pragma once

#include "tests/support/naive_evaluator.hpp"

namespace weir::testing {

/// What a graph says to a call, by the definitions: from the list of all events, read anew for every question, as of
/// the event at hand or the end of the match.
naive_value answer(const cep::expression& call, const naive_context& context);

/// How far an engine's answer may be from that: of PageRank and risk the published bound; else nothing.
double tolerance_of(const cep::expression& call, const naive_context& context);

}  // namespace weir::testing
