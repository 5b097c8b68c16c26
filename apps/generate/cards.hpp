#pragma once

#include <cstdint>
#include <vector>

#include "apps/generate/payments.hpp"

namespace weir::generate {

/// The same `payment` as ordinary people make them: each card has its own usual amount and its own few merchants,
/// busy hours and quiet ones; among them planted cases of card fraud. 4,000 payments a day, from 2024-01-01 on.
inline constexpr std::uint64_t card_payments_a_day = 4'000;

/// The payments of a day, in the order of time, with ids that count from the first day on.
std::vector<payment> card_payments_of_day(std::uint64_t seed, std::uint64_t day);

}  // namespace weir::generate
