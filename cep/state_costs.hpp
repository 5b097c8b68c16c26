#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "cep/pattern.hpp"
#include "cep/reference.hpp"

// What patterns take of memory, read off the plans that the engine makes: for people who ask what a rule costs.
namespace weir::cep {

/// How the engine matches a pattern, the cheapest way that is exact first.
enum class tier : std::uint8_t {
  windows,      // T0: one event, judged by windows at most
  sequence,     // T1: several events, none of whose conditions reads another
  joins,        // T2: several events, compared with each other
  all_matches,  // T3: `emit all`: every match is listed
};

/// Bytes that one subject takes.
struct state_costs {
  cep::tier tier = tier::windows;
  bool packed = false;                 // in a row that patterns about this kind of subject share (docs/adr/0016)
  std::size_t subject_bytes = 0;       // however few events are kept
  std::vector<std::size_t> by_window;  // an event in the window of each aggregate; those that share it say the same
  std::size_t by_candidate = 0;        // an event that waits for a later step
  std::size_t by_absence = 0;          // an event that may stand in the way of one
  stream::duration retention{};        // how long an event itself can be read; `duration::max()`: for ever
  std::size_t by_deadline = 0;         // a match that waits for its deadline
};

/// One for each pattern.
std::vector<state_costs> costs_of(const std::vector<pattern>& patterns, const stream::schema& types,
                                  const reference_data& data);

/// The rows that packed patterns about one kind of subject share, taken together.
struct shared_row {
  stream::field_type subject;
  std::size_t patterns = 0;
  std::size_t bytes = 0;         // a subject
  std::size_t queues = 0;        // of events that windows and steps keep
  std::size_t queues_apart = 0;  // that they would be if patterns shared none
};

/// One for each kind of subject that has packed patterns, in their order.
std::vector<shared_row> shared_rows(const std::vector<pattern>& patterns, const stream::schema& types,
                                    const reference_data& data);

}  // namespace weir::cep
