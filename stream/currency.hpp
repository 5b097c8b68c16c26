#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace weir::stream {

/// A currency of ISO 4217, by its index in the table of active codes.
enum class currency_id : std::uint8_t {};

/// Finds "EUR"; nothing when the code is not an active one.
std::optional<currency_id> find_currency(std::string_view code);

std::string_view code_of(currency_id currency);

/// Digits after the point: 2 for EUR, 0 for JPY, 3 for KWD.
int minor_digits(currency_id currency);

}  // namespace weir::stream
