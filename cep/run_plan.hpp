#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "cep/packed_plan.hpp"

// The plan of a pattern of two steps within a time of which one takes the longest run: `match some fail: login where
// not ok then in: login where ok`, or `match in: transfer then some out: transfer where amount <= in.amount`. A subject
// has a row with the heads of two queues at most, of the events of either step:
//
//   | run's events | single events, where they come first |
//
// with the values beside each that the other step and the condition compare, so that the events are not read again.
namespace weir::cep {

/// `count(fail) >= 5` or `sum(out.amount) >= 0.95 * in.amount`: what a run adds up to, compared with a constant or a
/// constant times a number of the single event. No value that fields can have overflows it.
struct run_threshold {
  bool sums = false;  // else it counts
  std::uint8_t summed = 0;
  int128 scale = 1;  // of what the run adds up to
  operation op{};
  int128 factor = 0;
  std::optional<std::uint8_t> of_single;  // the register that `factor` is times
};

/// What a run's event has to be in the eyes of the single one before it: `run register OP single register`.
struct run_comparison {
  std::uint8_t run = 0;
  std::uint8_t single = 0;
  operation op{};
};

struct run_plan {
  static constexpr std::size_t registers_max = 2;
  struct side {
    std::vector<stream::field_id> registers;
    std::vector<value_kind> kinds;  // of registers
  };

  std::uint32_t index = 0;  // in the engine
  packed_plan asked;        // whom an event concerns: a role for the first step, and one for the second
  bool run_first = false;
  std::uint32_t least = 1;  // events of the run
  stream::duration within{};
  side single;
  side run;
  std::vector<run_comparison> join;  // of a run that comes second
  std::optional<evaluator> rest;     // what else the second step asks
  std::vector<run_threshold> thresholds;
  std::optional<evaluator> condition;  // the rest of it
  std::optional<suppressor> suppress;
  std::vector<guard_id> guards;  // that it asks, each once
};

/// Whether the pattern is of the kind that run_plan is for.
bool is_run_pair(const pattern& p);

/// Plans such a pattern, number `index` of those that are planned.
run_plan make_run_plan(const pattern& p, std::uint32_t index, const planning& with);

}  // namespace weir::cep
