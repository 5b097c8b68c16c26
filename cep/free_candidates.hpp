#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "cep/evaluator.hpp"
#include "cep/ring.hpp"

namespace weir::cep {

/// An event that may be part of a match, and its number among the events of the rule for its subject.
struct numbered_event {
  stream::event_handle handle{};
  stream::timestamp at;
  std::uint64_t number = 0;
};

/// An equality between fields of two steps' events that every match fulfils: `y.from = x.to`.
struct step_link {
  std::size_t step = 0;
  stream::field_id field{};
  std::size_t other_step = 0;
  stream::field_id other_field{};
};

/// Candidates of steps that belong to no subject, found by the fields that join them to other steps' events: the edges
/// of a path, by their vertices. Owned by a pattern's matcher; shared by all its subjects.
class free_candidates {
 public:
  /// `links` in both directions; `free` says which steps are kept whole, too, for when nothing is bound that leads to
  /// them.
  free_candidates(std::vector<step_link> links, std::vector<bool> free);

  /// Takes an event of a step, also of one with a subject if others are linked to it.
  void add(std::size_t step, const stream::event_view& event, const numbered_event& itself);
  /// Events before `oldest` no longer count; `sweep` gives back their memory.
  void forget_before(stream::timestamp oldest) { oldest_ = oldest; }
  void sweep();

  /// The candidates of a free step that agree with an event that is bound, or, where no link leads there, all of them.
  const ring<numbered_event>& find(std::size_t step, std::span<const bound_step> bound,
                                   const stream::event_log& log) const;

  /// Events of steps with a subject from which links lead to `event` as an event of `step`; for finding the subjects
  /// whose matches may end there. With a step each.
  struct lead {
    std::size_t step = 0;
    stream::event_handle event{};
  };
  void find_leads(std::size_t step, const stream::event_view& event, const stream::event_log& log,
                  std::vector<lead>& into) const;

 private:
  struct index {
    std::size_t step = 0;
    stream::field_id field{};
    boost::unordered_flat_map<stream::symbol, ring<numbered_event>> events;
  };

  const ring<numbered_event>& look_up(std::size_t step, stream::field_id field, const stream::event_view& event,
                                      stream::field_id other_field) const;

  std::vector<step_link> links_;
  std::vector<bool> free_;
  std::vector<index> indexes_;
  std::vector<ring<numbered_event>> all_;  // by step; of free ones
  ring<numbered_event> none_;
  stream::timestamp oldest_ = stream::start_of_time;
};

}  // namespace weir::cep
