#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "cep/body.hpp"
#include "cep/evaluator.hpp"
#include "cep/free_candidates.hpp"
#include "cep/guards.hpp"
#include "cep/held_events.hpp"
#include "cep/pattern.hpp"
#include "cep/planning.hpp"
#include "cep/sequence.hpp"
#include "cep/suppressor.hpp"
#include "cep/window_state.hpp"

namespace weir::cep {

/// A part of a pattern that an event can play, for the subject that its key names. The filter's condition is split
/// three ways: what reads the event alone is a guard, what reads the subject too is judged when the event arrives, and
/// what reads bound events is a join, judged when a match is looked for.
struct role {
  /// `member`: an event of the rule for its subject, whatever else it is: they are numbered.
  enum class part_kind : std::uint8_t { window, step, absence, member };

  part_kind part = part_kind::step;
  std::size_t index = 0;  // of the window, the step, or the absence's slot
  guard_id guard{};
  std::vector<stream::field_id> keys;
  bool free = false;  // of a step that belongs to no subject
  std::optional<evaluator> of_subject;
  std::optional<std::size_t> clears;  // an absence without a join before the last step: ends this step's candidates
};

/// How one aggregate of a pattern is computed from a window.
struct aggregate_plan {
  computation asked = aggregate_function::count;
  std::size_t window = 0;
  std::optional<evaluator> join;  // a correlated one: what reads bound events; judged event by event
  bool in_condition = false;
};

/// A pattern made ready to run: nothing here changes while it does.
struct pattern_plan {
  std::size_t subjects = 0;  // none, one, or the parts of a composite one
  std::vector<role> roles;
  std::vector<window_shape> windows;  // shared by the aggregates with equal events, field and extent
  sequence_shape sequence;            // where the body is single steps and absences between them
  std::optional<body_shape> body;     // else
  std::vector<step_link> links;       // that lead to and from free steps, in both directions
  std::vector<aggregate_plan> aggregates;
  std::vector<evaluator> graph_calls;
  bool asks_graphs = false;                 // anywhere
  stream::duration graph_reach{};           // from the first event that a graph shows to the end of the match
  std::optional<evaluator> condition;       // none: always
  bool condition_reads_bound = false;       // else it is the same for every match that ends at an event
  std::uint32_t matches_max = 1;            // that raise an alert where they end
  std::optional<stream::duration> silence;  // `emit first`: after an alert, for so long
  std::optional<suppressor> suppress;
  std::optional<held_shape> held;  // where the pattern has limits

  /// How long after its time a candidate may matter, and how long an absence at the end waits.
  stream::duration horizon() const { return body ? body->horizon() : sequence.horizon(); }
  stream::duration patience() const { return body ? body->patience() : sequence.patience; }
  /// How long after its time an event may be read through a handle; `duration::max()` without a bound.
  stream::duration retention() const;
};

/// Plans a pattern, number `index` of those that are planned.
pattern_plan make_plan(const pattern& p, std::uint32_t index, const planning& with);

}  // namespace weir::cep
