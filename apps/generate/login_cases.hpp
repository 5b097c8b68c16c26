#pragma once

#include <cstdint>
#include <span>

#include "apps/generate/logins.hpp"
#include "apps/generate/planting.hpp"

namespace weir::generate {

inline constexpr std::uint32_t bank_users = 2'000;
inline constexpr std::uint8_t access_countries = 10;
/// Behind them, those too far away for anybody to get there within the hour.
inline constexpr std::uint8_t far_countries = 4;

/// A user's own devices, 0 to 3; the first is the one in daily use.
constexpr std::uint32_t own_device(std::uint32_t user, std::uint32_t n) { return 10'000 + user * 4 + n; }
/// A device that is nobody's, for a case.
std::uint32_t foreign_device(random_bits& bits);

/// Where a user lives.
std::uint8_t home_of(std::uint32_t user);

std::span<const case_kind<access>> login_case_kinds();

}  // namespace weir::generate
