#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/generate/label.hpp"
#include "apps/generate/lines.hpp"

namespace weir::generate {

enum class transfer_kind : std::uint8_t { transfer, bill, salary, deposit, withdrawal, crypto };

/// Money that moves: the `transfer` of rules/packs/aml.weir. A deposit of cash comes from nowhere, a withdrawal of cash
/// goes nowhere.
struct transfer {
  std::int64_t at_ms = 0;
  std::uint64_t id = 0;
  transfer_kind kind = transfer_kind::transfer;
  std::optional<std::uint32_t> from{};  // an account's number, as written: 17 is "A17"
  std::optional<std::uint32_t> to{};
  std::int64_t cents = 0;
  label mark{};

  friend bool operator==(const transfer&, const transfer&) = default;
};

/// The transfers of 2,000 people and 64 businesses of a bank, from 2024-01-01 on, with planted cases of money
/// laundering among them.
inline constexpr std::uint64_t transfers_a_day = 2'000;

/// How long a planted dormant account sleeps.
inline constexpr std::uint64_t dormant_days = 370;

/// The transfers of a day, in the order of time, with ids that count from the first day on.
std::vector<transfer> transfers_of_day(std::uint64_t seed, std::uint64_t day);

/// The last transfers, before a day, of those dormant accounts that wake on that day or later: what a stream that
/// begins on that day needs to have seen. In the order of time.
std::vector<transfer> transfers_before_dormancy(std::uint64_t seed, std::uint64_t day);

inline constexpr std::string_view transfer_header = "at,id,kind,from,to,amount\n";

void append_line(std::string& out, const transfer& t, line_format format);

}  // namespace weir::generate
