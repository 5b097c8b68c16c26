#pragma once

#include <compare>
#include <cstdint>
#include <string_view>
#include <variant>

#include "stream/time.hpp"

namespace weir::bench::nexmark {

enum class person_id : std::int64_t {};
enum class auction_id : std::int64_t {};

// Prices are whole cents. Texts look at tables that stay as long as the program, so that events are copied bit by bit.

/// Somebody who may sell and bid from now on.
struct person {
  person_id id{};
  std::string_view name{};
  std::string_view email{};
  std::string_view city{};
  std::string_view state{};      // its two letters
  std::int64_t credit_card = 0;  // 16 digits
  stream::timestamp at{};

  friend auto operator<=>(const person&, const person&) = default;
};

/// Something is for sale until it expires.
struct auction {
  auction_id id{};
  std::string_view item_name{};
  std::int64_t initial_bid = 0;
  std::int64_t reserve = 0;  // what a bid must reach to win
  stream::timestamp at{};
  stream::timestamp expires{};
  person_id seller{};
  std::int64_t category = 0;

  friend auto operator<=>(const auction&, const auction&) = default;
};

struct bid {
  auction_id auction{};
  person_id bidder{};
  std::int64_t price = 0;
  stream::timestamp at{};
  std::string_view channel{};
  std::string_view url{};

  friend auto operator<=>(const bid&, const bid&) = default;
};

using event = std::variant<person, auction, bid>;

/// When an event happened.
inline stream::timestamp time_of(const event& e) {
  return std::visit([](const auto& kind) { return kind.at; }, e);
}

}  // namespace weir::bench::nexmark
