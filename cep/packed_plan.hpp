#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "cep/calendar.hpp"
#include "cep/evaluator.hpp"
#include "cep/guards.hpp"
#include "cep/pattern.hpp"
#include "cep/suppressor.hpp"
#include "cep/window_queue.hpp"

// The plan of patterns whose state is small and of a fixed shape: sequences of single steps, with absences, and windows
// of time or the calendar that count, sum exact numbers, and tell apart values. All such patterns about one kind of
// subject share a row of bytes a subject:
//
//   | queue heads … | sums … | window starts … |
//
// so that an event costs one or two cache lines, fetched ahead, however many patterns it concerns. All zero is the
// state of a subject that nothing has happened to.
namespace weir::cep {

/// Where in a subject's row something stands, in bytes.
using row_offset = std::uint32_t;
inline constexpr row_offset nowhere = ~row_offset{0};

/// The days, weeks or months of a window, and when the one at hand began: its matcher sees to that.
struct packed_periods {
  calendar_extent extent;
  calendar days;
  calendar::period at_hand{stream::start_of_time, stream::start_of_time};
};

/// One window over a track. Its events are the newest of the track, from `start` on.
struct packed_window {
  stream::duration length{};              // at most so long, where it has periods
  std::optional<packed_periods> periods;  // else it reaches back its length
  row_offset head = nowhere;              // 64 bits: the time of its first event, where it has one
  row_offset start = nowhere;             // 32 bits: that event's place in the track's queue
  row_offset sum = nowhere;               // 128 bits; nowhere: not asked for
  row_offset counts =
      nowhere;  // 32 bits: the number of its value_counts, once it has many events; nowhere: not asked for
};

/// The events of one filter, with one field's values: what windows of different lengths and aggregates share.
struct track_shape {
  std::optional<stream::field_id> field;  // none: only counted
  value_type type;                        // of `field`
  row_offset events = nowhere;            // window_queue; without a field the values are zero
  time_unit unit;                         // of the queue's
  std::vector<packed_window> windows;

  /// Whether what is kept beside the times are values: numbers or ids. Else it only matters that there is one.
  bool has_cells() const {
    return type.kind == value_kind::exact || type.kind == value_kind::text || type.kind == value_kind::entity;
  }
};

struct packed_aggregate {
  aggregate_function function{};
  bool prior = false;
  bool in_condition = false;
  std::uint32_t track = 0;
  std::uint32_t window = 0;  // of the track
  // `count(payment where country = p.country)`: of the events whose track's value is that of this field, of the same
  // type, in the event that ends the match.
  std::optional<stream::field_id> equals{};
  value_kind kind{};  // of `equals`
  // What of the row it reads: the track's events, and the window.
  row_offset events = nowhere;
  row_offset start = nowhere;
  row_offset sum = nowhere;
  row_offset counts = nowhere;
};

/// `sum(…) over 1d >= 10,000 EUR`, and any other number that an aggregate may be.
struct packed_threshold {
  packed_aggregate aggregate;
  operation op{};
  int128 constant = 0;  // in the aggregate's digits
};

/// `count(…) over 10m > 8`: how many there may be.
struct packed_count_range {
  packed_aggregate aggregate;
  std::uint32_t least = 0;
  std::uint32_t most = ~std::uint32_t{0};

  bool has(std::uint32_t count) const { return least <= count && count <= most; }
};

/// `amount > 3 * avg(…) over 1h`, where that is the whole condition: what is false by this is false. Reals are compared
/// as the evaluator compares them; what is true, or too large, is left to it.
struct packed_average_filter {
  stream::field_id field{};  // of the event that ends the match, an exact number
  value_type type;           // of `field`
  operation op{};
  int surplus = 0;  // digits of `field` beyond its unit's
  packed_aggregate average;
  int average_surplus = 0;  // the same of the average's field
  double factor = 1;
};

/// `field of the event at hand OP register of a bound step's candidate`, both always there, in the same digits.
struct register_comparison {
  stream::field_id field{};
  value_kind kind{};
  operation op{};
  std::uint16_t step = 0;
  std::uint8_t at = 0;  // which register
};

/// What a step or an absence asks beyond what is judged when its event arrives.
struct packed_join {
  std::vector<register_comparison> quick;
  std::optional<evaluator> rest;

  bool empty() const { return quick.empty() && !rest; }
};

struct packed_absence {
  row_offset events = nowhere;  // packed_queue<2> of (handle, time); nowhere: not kept
  packed_join join;
};

/// Events that may be bound by a step, with the values that later joins read of them. Patterns that ask for the same
/// events share them.
struct candidate_track {
  row_offset events = 0;  // packed_queue<4> of (handle, time, register, register)
  std::vector<stream::field_id> registers;
  std::vector<value_kind> kinds;  // of registers
  stream::duration horizon{};     // how long they matter
};

struct packed_step {
  std::uint32_t candidates = 0;  // in packed_plan::candidates; none for the last step
  packed_join join;
  std::vector<packed_absence> before;
};

struct packed_pattern {
  std::uint32_t index = 0;  // in the engine
  std::vector<packed_step> steps;
  std::optional<stream::duration> within;
  std::optional<packed_absence> at_end;
  stream::duration patience{};
  row_offset armed = 0;               // packed_queue<2> of (handle, time), where there is an absence at the end
  std::uint32_t deadlines = 0;        // in packed_plan::patiences, where there is an absence at the end
  std::vector<std::uint32_t> tracks;  // that its aggregates read
  std::vector<packed_aggregate> aggregates;
  std::vector<packed_count_range> counts;    // what of the condition compares a count with a constant
  std::vector<packed_threshold> thresholds;  // or a sum
  std::optional<packed_average_filter> average_filter;
  std::optional<evaluator> condition;  // the rest of it
  bool condition_reads_bound = false;  // the rest does
  std::optional<stream::duration> silence;
  row_offset silent_until = 0;
  std::optional<suppressor> suppress;
  std::vector<guard_id> guards;  // that it asks, each once
  bool retired = false;          // no longer wanted: nothing is found of it

  /// How long after its time an event may be bound; `duration::max()` without a bound.
  stream::duration horizon() const { return horizon_of(steps.size()); }
  stream::duration horizon_of(std::size_t steps_in_all) const;
};

/// What an event can be for the subject that its `key` names. An event's roles are worked off in their order.
struct packed_role {
  /// `end`: a match may end; `arm`: a deadline may begin.
  enum class part_kind : std::uint8_t { track, end, clears, breaks, absence, arm, candidate };

  guard_id guard{};
  stream::event_type_id type{};
  stream::field_id key{};
  part_kind part{};
  std::uint32_t pattern = 0;   // in packed_plan::patterns; of what is shared, the first
  std::uint32_t index = 0;     // the track; the candidates, also those that an absence clears
  row_offset state = nowhere;  // what of the row it is about, a queue's head; of an absence, its events
  std::optional<evaluator> of_subject;
  bool keeps = true;  // something of the event, or of an alert at it; else it reads, and ends what is kept
};

/// A role in few words, for the way of each event.
struct packed_op {
  packed_role::part_kind part{};
  std::uint32_t index = 0;
  std::uint32_t pattern = 0;
  row_offset state = nowhere;
};

struct packed_plan {
  std::vector<packed_role> roles;  // tracks first, then pattern by pattern, then candidates
  std::vector<packed_op> ops;      // the same
  std::vector<track_shape> tracks;
  std::vector<candidate_track> candidates;
  std::vector<packed_pattern> patterns;
  std::vector<stream::duration> patiences;  // the distinct ones of absences at the end
  std::size_t row_bytes = 0;
};

/// Whether the pattern is of the kind that packed_plan is for.
bool can_be_packed(const pattern& p, const stream::schema& types);

/// Plans the patterns of one kind of subject, all of which can be packed. `indexes` are their numbers among those that
/// are planned.
packed_plan make_packed_plan(const std::vector<const pattern*>& patterns, const std::vector<std::uint32_t>& indexes,
                             const planning& with);

/// The plan's patterns in groups that have no state in common, each ascending.
std::vector<std::vector<std::size_t>> components_of(const packed_plan& plan);

}  // namespace weir::cep
