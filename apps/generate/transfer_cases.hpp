#pragma once

#include <cstdint>
#include <span>

#include "apps/generate/planting.hpp"
#include "apps/generate/transfers.hpp"

namespace weir::generate {

inline constexpr std::uint32_t bank_people = 2'000;
/// The first of them pay more often than the rest.
inline constexpr std::uint32_t frequent_people = 64;
inline constexpr std::uint32_t bank_businesses = 64;
inline constexpr std::uint32_t bank_exchanges = 4;  // the last of the businesses trade in crypto currency

/// The number of an account as written, for person, business and dormant account `n`: no two are the same, and nothing
/// in them tells which is which.
std::uint32_t account_of_person(std::uint32_t n);
std::uint32_t account_of_business(std::uint32_t n);
std::uint32_t account_of_sleeper(std::uint64_t day);

std::span<const case_kind<transfer>> transfer_case_kinds();

}  // namespace weir::generate
