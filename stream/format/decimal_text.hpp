#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>

#include "stream/time.hpp"

namespace weir::stream {

enum class number_problem : std::uint8_t { not_a_number, too_fine, too_large };

/// The number that `text` spells ("-12.50", "1e3", ".5"), times 10^digits, exactly: 1250 for "12.50" and two digits.
/// Zeros at the end of a fraction do not count as digits: their value is exact without them.
std::expected<std::int64_t, number_problem> parse_scaled(std::string_view text, int digits);

/// As many `unit`s as `text` says; what is finer than a microsecond is cut off. Nothing when `text` is no number, or
/// one that does not fit.
std::optional<duration> parse_multiple(std::string_view text, duration unit);

}  // namespace weir::stream
