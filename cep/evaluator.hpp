#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cep/expression.hpp"
#include "cep/graph_answer.hpp"
#include "cep/references.hpp"
#include "cep/text_function.hpp"
#include "cep/window_state.hpp"
#include "stream/event_log.hpp"

namespace weir::cep {

/// The events that a step has bound: one, a run of them, or none.
struct bound_step {
  stream::event_handle last = stream::no_event;  // none: the step bound no event
  std::span<const stream::event_handle> run{};   // of a step with a quantity: all, oldest first

  bool bound() const { return last != stream::no_event; }
  stream::event_handle first() const { return run.empty() ? last : run.front(); }
};

/// What an expression may read. What it cannot read, by its place in the pattern, may be left empty.
struct bindings {
  stream::event_view event{};              // the event at hand
  std::span<const bound_step> bound{};     // by step; those not reached yet may be left out
  const stream::event_log* log = nullptr;  // that the handles point into
  std::span<const stream::symbol> subject{};
  std::span<const value> aggregates{};  // by index; only those that the expression reads need a value
  std::span<const value> answers{};     // to the pattern's graph calls; empty: the graphs are asked
  stream::duration span{};              // from the first to the last event of the match
  std::uint64_t* undefined = nullptr;   // counts divisions by zero and overflows
  std::uint64_t* truncated = nullptr;   // counts searches in graphs that ended before they knew
};

/// An expression made ready to be computed many times: constants interned, scales worked out. Reads the
/// reference data and the names it was given, which must outlive it. What text functions gave is kept and may be
/// interned, so even the const calls are for one thread at a time: that of the names.
class evaluator {
 public:
  evaluator(const expression& e, stream::symbols& names, const references& lookups);

  value operator()(const bindings& from) const { return compute(nodes_.back(), from); }
  /// Of a graph call: what the graph says now, with the edges that make it.
  graph_answer ask(const bindings& from) const { return ask(nodes_.back(), from); }
  /// As a condition: missing is false.
  bool holds(const bindings& from) const {
    const value v = (*this)(from);
    return v.present && v.boolean;
  }

 private:
  // Nodes stand after their arguments; the last one is the root.
  struct node {
    operation op;
    value_type type;
    std::uint16_t index;
    stream::field_id field;
    std::uint16_t first = 0;  // nodes_ of the arguments
    std::uint16_t second = 0;
    std::uint16_t more = 0;  // of the rest in arguments_; else in runs_, text_functions_ or questions_
    value constant;
  };
  struct run_function {
    computation asked;
    value_type field_type;
  };

  std::uint16_t add(const expression& e, stream::symbols& names);
  void add_text_function(node& made, const expression& e, stream::symbols& names);
  value compute(const node& n, const bindings& from) const;
  static value read_bound(stream::event_handle handle, const node& n, const bindings& from);
  value compute_sum(const node& n, const bindings& from) const;
  value compute_product(const node& n, const bindings& from) const;
  value compute_quotient(const node& n, const bindings& from) const;
  value compute_comparison(const node& n, const bindings& from) const;
  value compute_over_run(const node& n, const bindings& from) const;
  value compute_text(const node& n, const bindings& from) const;
  value compute_rounded(const node& n, const bindings& from) const;
  value compute_absolute(const node& n, const bindings& from) const;
  value compute_distance(const node& n, const bindings& from) const;
  value compute_score(const node& n, const bindings& from) const;
  graph_answer ask(const node& n, const bindings& from) const;
  value compute_graph(const node& n, const bindings& from) const;

  std::vector<node> nodes_;
  std::vector<std::uint16_t> arguments_;
  std::vector<run_function> runs_;
  std::vector<graph_question> questions_;
  mutable std::vector<text_function> text_functions_;  // they remember what they gave
  const references* lookups_;
};

/// The value of one field of an event (or of `at_field`), missing where the event lacks it.
value read_field(const stream::event_view& event, stream::field_id field, const value_type& type);

/// `number` with `to` digits instead of `from`, which are not more; nothing on overflow.
bool rescale(int128& number, int from, int to);

/// An exact number as a double that counts the unit's smallest part.
double to_real(int128 number, const value_type& type);

}  // namespace weir::cep
