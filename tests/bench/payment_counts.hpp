#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "tests/support/payments.hpp"

namespace weir::bench {

/// What the four reference rules must say of any payments in their order, by brute force over each card's own: alerts
/// of r1 to r4 with the clock left at the last payment's time. Knows nothing of the engine.
std::array<std::uint64_t, 4> count_alerts(std::span<const testing::payment> payments);

/// Pairs that r1 matches: what it says with `emit all`.
std::uint64_t count_pairs(std::span<const testing::payment> payments);

/// Payments after which their card makes none for `silence_ms`, and the clock has passed that.
std::uint64_t count_silences(std::span<const testing::payment> payments, std::uint64_t silence_ms);

}  // namespace weir::bench
