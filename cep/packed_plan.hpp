#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "cep/evaluator.hpp"
#include "cep/guards.hpp"
#include "cep/pattern.hpp"
#include "cep/suppressor.hpp"

// The plan of patterns whose state is small and of a fixed shape: sequences of single steps, with absences, and windows
// of time that count and sum exact numbers. All such patterns about one kind of subject share a row of bytes a subject:
//
//   | live | sums … | queue heads … | window starts … |
//
// so that an event costs one or two cache lines, fetched ahead, however many patterns it concerns.
namespace weir::cep {

/// Where in a subject's row something stands, in bytes.
using row_offset = std::uint32_t;
/// The row begins with one word: whether the subject holds state.
inline constexpr std::size_t row_header_bytes = 16;

/// The events of one filter, with one field's values: what windows of different lengths and aggregates share.
struct track_shape {
  std::optional<stream::field_id> field;  // none: only counted
  value_type type;                        // of `field`
  row_offset events = 0;                  // packed_queue<2> of (time, value), <1> of times without a field
  std::vector<std::uint32_t> windows;     // in packed_plan::windows
};

/// One window over a track. Its events are the newest of the track, from `start` on.
struct packed_window {
  std::uint32_t track = 0;
  stream::duration length{};
  row_offset start = 0;           // 32 bits: a place in the track's queue
  std::optional<row_offset> sum;  // 128 bits
};

struct packed_aggregate {
  aggregate_function function{};
  std::uint32_t window = 0;
  bool prior = false;
  bool in_condition = false;
};

/// `count(…) over 10m > 8`
struct packed_threshold {
  packed_aggregate aggregate;
  operation op{};
  int128 constant = 0;  // in the aggregate's digits
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
  row_offset events = 0;  // packed_queue<2> of (handle, time)
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
  row_offset armed = 0;  // packed_queue<2> of (handle, time), where there is an absence at the end
  std::vector<packed_aggregate> aggregates;
  std::vector<packed_threshold> thresholds;  // what of the condition compares a count or a sum with a constant
  std::optional<evaluator> condition;        // the rest of it
  bool condition_reads_bound = false;        // the rest does
  std::optional<stream::duration> silence;
  row_offset silent_until = 0;
  std::optional<suppressor> suppress;
  std::vector<guard_id> guards;  // that it asks, each once

  /// How long after its time an event may be bound; `duration::max()` without a bound.
  stream::duration horizon() const { return horizon_of(steps.size()); }
  stream::duration horizon_of(std::size_t steps_in_all) const;
};

/// What an event can be for the subject that its `key` names.
struct packed_role {
  enum class part_kind : std::uint8_t { track, last_step, clears, breaks, absence, candidate };

  guard_id guard{};
  stream::event_type_id type{};
  stream::field_id key{};
  part_kind part{};
  std::uint32_t pattern = 0;  // in packed_plan::patterns; of what is shared, the first
  std::uint32_t index = 0;    // the track; the candidates, also those that an absence clears
  row_offset events = 0;      // of an absence
  std::optional<evaluator> of_subject;
};

struct packed_plan {
  std::vector<packed_role> roles;  // tracks first, then pattern by pattern, then candidates
  std::vector<track_shape> tracks;
  std::vector<packed_window> windows;
  std::vector<candidate_track> candidates;
  std::vector<packed_pattern> patterns;
  std::vector<std::optional<stream::field_id>> only_key;  // by event type: where all roles have one key and ask no more
  std::size_t row_bytes = 0;
};

/// Whether the pattern is of the kind that packed_plan is for.
bool can_be_packed(const pattern& p, const stream::schema& types);

/// Plans the patterns of one kind of subject, all of which can be packed. `indexes` are theirs in the engine.
packed_plan make_packed_plan(const std::vector<const pattern*>& patterns, const std::vector<std::uint32_t>& indexes,
                             const stream::schema& types, stream::symbols& names, const references& lookups,
                             guards& shared);

}  // namespace weir::cep
