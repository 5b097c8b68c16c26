#pragma once

#include <charconv>
#include <chrono>
#include <cstdint>
#include <string_view>

#include "stream/time.hpp"

/// A line of `weir generate cards --format csv`: at,id,card,merchant,amount,country,approved. It looks at the line.
struct card_payment {
  weir::stream::timestamp at{};
  std::string_view id, card, merchant, country;
  std::int64_t cents = 0;
  bool approved = false;
};

inline std::int64_t number_of(std::string_view digits) {
  std::int64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

/// "18.06" or "18" in cents.
inline std::int64_t cents_of(std::string_view amount) {
  const auto point = amount.find('.');
  if (point == std::string_view::npos) return number_of(amount) * 100;
  const auto fraction = amount.substr(point + 1);
  return number_of(amount.substr(0, point)) * 100 + number_of(fraction) * (fraction.size() == 1 ? 10 : 1);
}

inline card_payment read_payment(std::string_view line) {
  const auto next = [&line] {
    const auto comma = line.find(',');
    const auto field = line.substr(0, comma);
    line.remove_prefix(comma == std::string_view::npos ? line.size() : comma + 1);
    return field;
  };
  card_payment read;
  read.at = weir::stream::timestamp(std::chrono::milliseconds(number_of(next())));
  read.id = next();
  read.card = next();
  read.merchant = next();
  read.cents = cents_of(next());
  read.country = next();
  read.approved = next() == "true";
  return read;
}

inline bool is_payment(std::string_view line) { return !line.empty() && !line.starts_with("at,"); }
