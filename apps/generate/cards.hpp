#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/generate/label.hpp"
#include "apps/generate/lines.hpp"

namespace weir::generate {

/// A payment by card as an acquirer sees it: the `payment` of rules/packs/cards.weir.
struct card_payment {
  std::int64_t at_ms = 0;
  std::uint64_t id = 0;
  std::uint32_t card = 0;
  std::uint32_t merchant = 0;
  std::int64_t cents = 0;
  bool approved = true;
  std::optional<std::uint8_t> country{};  // the merchant's, an index into the generator's; none: the card's own
  label mark{};

  friend bool operator==(const card_payment&, const card_payment&) = default;
};

/// Payments as ordinary people make them: each card has its own usual amount, its country and its own few merchants,
/// busy hours and quiet ones; among them planted cases of card fraud. 4,000 payments a day, from 2024-01-01 on.
inline constexpr std::uint64_t card_payments_a_day = 4'000;

/// The payments of a day, in the order of time, with ids that count from the first day on.
std::vector<card_payment> card_payments_of_day(std::uint64_t seed, std::uint64_t day);

inline constexpr std::string_view card_payment_header = "at,id,card,merchant,amount,country,approved\n";

void append_line(std::string& out, const card_payment& p, line_format format);

}  // namespace weir::generate
