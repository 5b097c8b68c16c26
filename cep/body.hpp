#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "cep/evaluator.hpp"
#include "cep/free_candidates.hpp"
#include "cep/pattern.hpp"
#include "cep/ring.hpp"

// Sequences in their full breadth: runs, `all of`, `one of`, `optional`, `then next`, absences everywhere. What is only
// single steps with absences between goes the shorter way of sequence.hpp.
namespace weir::cep {

/// A pattern's body, made ready to be searched.
struct body_shape {
  struct absence_shape {
    std::size_t slot = 0;           // in body_state::absences
    std::optional<evaluator> join;  // none: every event in the slot counts
    std::optional<stream::duration> within;
    std::optional<std::uint16_t> of;
  };
  struct step_shape {
    std::optional<evaluator> join;  // what is judged when a match is looked for
    quantity count;
    std::optional<time_since> within;
    bool free = false;          // belongs to no subject: its candidates are shared
    bool may_be_last = false;   // a match may end with it
    bool has_followers = true;  // its events are kept as candidates
  };
  struct group_shape {
    std::size_t first = 0;  // its steps are first … first + size − 1
    std::size_t size = 1;
    step_group::gathering gathered{};
    bool optional = false;
    bool next = false;
    std::vector<absence_shape> before;  // what must not come between the event before and its first
  };

  std::vector<step_shape> steps;
  std::vector<group_shape> groups;
  std::vector<absence_shape> at_end;
  std::size_t absence_slots = 0;
  std::optional<stream::duration> within;
  std::optional<std::uint32_t> within_events;
  stream::duration lookback{};  // of a `no` at the beginning

  /// How long after its time an event may still be part of a match or break one; `duration::max()` without a bound.
  stream::duration horizon() const;
  /// The longest time that an absence at the end waits.
  stream::duration patience() const;
  bool any_free() const;
};

/// One subject's events that may yet be part of a match or break one.
struct body_state {
  std::vector<ring<numbered_event>> steps;
  std::vector<ring<numbered_event>> absences;
  std::uint64_t number = 0;  // of the last event of the rule for this subject
  std::uint32_t open_deadlines = 0;

  /// Drops what is too old at `now` to matter.
  void advance(const body_shape& shape, stream::timestamp now);
  bool empty() const;
};

/// Looks for the matches that end at an event, from the latest to the earliest (docs/semantics.md, "Which match is the
/// evidence"): at each point the latest event that may come next is tried first, so the first match found is the
/// latest.
class body_search {
 public:
  /// Called with the events that each step has bound; true: that is enough.
  using visitor = std::function<bool(const std::vector<bound_step>&)>;

  body_search(const body_shape& shape, const body_state& state, const free_candidates& shared, bindings from)
      : shape_(shape), state_(state), shared_(shared), from_(from) {}

  /// `end_steps` has a bit for each step that the event at the end qualifies for, as far as was judged when it came.
  void run(const numbered_event& end, std::uint64_t end_steps, const visitor& visit);

 private:
  // How far a match has come.
  struct position {
    std::size_t group = 0;    // being bound, or next
    std::uint64_t taken = 0;  // members of it that have their event
    std::uint32_t count = 0;  // events of the run that is being bound
    std::size_t step = 0;     // that the run belongs to
  };
  // Events that could come next for one step, tried from the latest back.
  struct source {
    std::size_t step = 0;
    std::size_t group = 0;
    const ring<numbered_event>* events = nullptr;
    std::size_t left = 0;                  // of `events`: those before this index have not been tried
    bool try_end = false;                  // the event at the end has not been tried
    std::optional<numbered_event> only{};  // no other may come: the next of a run, or the first of a longest run
  };

  bool extend(const position& at, stream::event_handle no_later);
  void gather(const position& at, stream::event_handle no_later, std::vector<source>& into) const;
  void gather_group(std::size_t group, std::uint64_t taken, stream::event_handle no_later,
                    std::vector<source>& into) const;
  std::optional<source> make_source(std::size_t step, std::size_t group, stream::event_handle no_later) const;
  const numbered_event* latest(source& s) const;
  bool choose(const position& at, const source& s, const numbered_event& event);
  bool bind_longest(const source& s);
  bool go_on(const position& next, stream::event_handle no_later, bool at_end);

  bool may_come(const position& at, const source& s, const numbered_event& event);
  bool qualifies(std::size_t step, const numbered_event& event) const;
  bool in_reach(std::size_t step, const numbered_event& event) const;
  bool came_between(const body_shape::absence_shape& absence, const numbered_event& next) const;
  bool began_with(const body_shape::absence_shape& absence, const numbered_event& first) const;
  bool in_window(const numbered_event& first) const;
  std::optional<numbered_event> next_qualifying(std::size_t step, stream::event_handle after, bool first) const;
  bool rest_is_optional(std::size_t group) const;

  const ring<numbered_event>& candidates(std::size_t step) const;
  bool ends_with(std::size_t step) const { return (end_steps_ >> step) & 1; }

  const body_shape& shape_;
  const body_state& state_;
  const free_candidates& shared_;
  mutable bindings from_;
  numbered_event end_{};
  std::uint64_t end_steps_ = 0;
  const visitor* visit_ = nullptr;

  std::vector<bound_step> bound_;
  std::vector<std::vector<stream::event_handle>> runs_;  // behind bound_
  std::vector<numbered_event> path_;                     // the events bound so far, in the stream's order
};

/// The first matches at one end, those that bind the same events in the order of the steps counted once.
class distinct_matches {
 public:
  explicit distinct_matches(std::uint32_t at_most) : at_most_(at_most) {}

  /// False for one that has been counted.
  bool add(std::span<const bound_step> bound);
  bool enough() const { return count_ == at_most_; }

 private:
  std::uint32_t at_most_;
  std::uint32_t count_ = 0;
  std::vector<std::vector<stream::event_handle>> seen_;  // sorted
};

/// True when an event of the absence lies strictly between two places in the order, and no later than `until`;
/// `from.bound` are the events bound before it.
bool absence_broken(const body_shape::absence_shape& absence, const body_state& state, bindings from,
                    stream::event_handle after, stream::event_handle before, stream::timestamp until);

/// The deadline of an absence at the end of a match, whose last event is at `last`; nothing when there is none: what it
/// counts from is missing, or it lies before the last event.
std::optional<stream::timestamp> deadline_of(const body_shape::absence_shape& absence,
                                             std::span<const bound_step> bound, stream::timestamp last,
                                             const stream::event_log& log);

}  // namespace weir::cep
