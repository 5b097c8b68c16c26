#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "graph/concepts.hpp"

namespace weir::bench {

inline constexpr std::int64_t step_us = 3'600'000'000;
inline constexpr std::size_t transfers_a_ring = 50;

struct transfers_plan {
  std::size_t transfers = 1'000'000;  // without those of the rings
  std::uint32_t accounts = 20'000;
  std::size_t length = 4;  // of a ring
};

/// Transfers as in AMLSim's sample, 790 in each step of an hour, between accounts of which most have few counterparts
/// and some have hundreds, and a ring of `length` transfers planted for every fifty, a transfer in each step, between
/// accounts of their own, numbered from `accounts` on. In order; the same for the same plan.
std::vector<graph::edge_event> draw_transfers(const transfers_plan& p);

}  // namespace weir::bench
