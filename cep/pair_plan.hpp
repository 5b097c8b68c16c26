#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "cep/packed_plan.hpp"

// The plan of patterns of two single steps within a time, that differ in nothing but which events they take: `match
// small: payment where amount < X then large: payment where amount > Y and merchant != small.merchant within 10m`, for
// any X and Y. They share a queue of first events a subject, each with a bit for every kind of first event that it is,
// so that an event is kept once and looked for once, however many patterns there are.
namespace weir::cep {

struct pair_member {
  std::uint32_t pattern = 0;  // in the packed_plan that it comes from
  std::uint32_t index = 0;    // in the engine
  std::uint32_t first = 0;    // which of the first events' kinds
  std::uint32_t last = 0;     // and of the last events'
  std::optional<suppressor> suppress;
  std::vector<guard_id> guards;  // that it asks, each once
};

struct pair_plan {
  /// The events of one step: of one type, and about the subject in `key`; a kind for each guard.
  struct side {
    stream::event_type_id type{};
    stream::field_id key{};
    std::vector<guard_id> kinds;
  };

  side first;
  side last;
  std::vector<stream::field_id> registers;  // of first events, that the join reads
  std::vector<value_kind> register_kinds;   // of their values
  std::vector<register_comparison> join;    // step 0's registers with the last event's fields
  stream::duration within{};
  std::vector<pair_member> members;  // ascending by index; no two of the same two kinds

  /// Words of an entry's bits, one a kind of first event; none where there is but one kind.
  std::size_t mask_words() const { return first.kinds.size() == 1 ? 0 : (first.kinds.size() + 63) / 64; }
  /// Of an entry: handle, time, registers, bits.
  std::size_t entry_words() const { return 2 + registers.size() + mask_words(); }
};

/// The plans for those patterns of `plan` that are such pairs.
std::vector<pair_plan> pairs_of(const packed_plan& plan);

}  // namespace weir::cep
