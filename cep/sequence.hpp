#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "cep/evaluator.hpp"
#include "cep/pattern.hpp"
#include "cep/ring.hpp"

namespace weir::cep {

/// An event that may yet be part of a match.
struct candidate {
  stream::event_handle handle{};
  stream::timestamp at;
};

/// What a sequence asks of its events beyond what was judged when they arrived: the conditions that read bound events.
struct sequence_shape {
  struct absence_shape {
    std::size_t slot = 0;           // in sequence_state::absences
    std::optional<evaluator> join;  // none: every event in the slot counts
  };
  struct step_shape {
    std::optional<evaluator> join;
    std::vector<absence_shape> before;  // what must not come between the step before and this one
  };

  std::vector<step_shape> steps;
  std::optional<stream::duration> within;
  std::optional<absence_shape> at_end;
  std::size_t absence_slots = 0;
  stream::duration patience{};  // the absence at the end is judged so long after the last step

  /// How long after its time an event may still be bound; `duration::max()` without a bound.
  stream::duration horizon() const;
};

/// One subject's open events: candidates for every step but the last, and events that stand in the way of matches.
struct sequence_state {
  std::vector<ring<candidate>> steps;
  std::vector<ring<candidate>> absences;

  /// Drops what is too old at `now` to be part of a match.
  void advance(const sequence_shape& shape, stream::timestamp now);
  bool empty() const;
};

/// Looks for the match that ends at an event and whose first event is latest, then its second, and so on. Candidates
/// are tried from the latest back, so the first one found is it.
class sequence_search {
 public:
  using acceptance = std::function<bool(std::span<const bound_step>)>;

  sequence_search(const sequence_shape& shape, const sequence_state& state, bindings from)
      : shape_(shape), state_(state), from_(from) {}

  /// True when a match ends at `end` that `accept` takes; it is called with the bound events, one a step.
  bool run(candidate end, std::vector<bound_step>& bound, const acceptance& accept);

 private:
  bool extend(std::size_t step);
  bool fits(std::size_t step, const candidate& event);

  const sequence_shape& shape_;
  const sequence_state& state_;
  bindings from_;
  candidate end_{};
  std::vector<bound_step>* bound_ = nullptr;
  const acceptance* accept_ = nullptr;
};

/// True when an event of the absence lies strictly between two places in the order; `from.bound` are the events bound
/// before it.
bool absence_broken(const sequence_shape::absence_shape& absence, const sequence_state& state, bindings from,
                    stream::event_handle after, stream::event_handle before);

}  // namespace weir::cep
