#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "stream/time.hpp"
#include "tests/bench/nexmark/events.hpp"

/// What Nexmark's queries answer, by brute force over all events, in the order in which they came. No answer depends
/// on how a stream is cut into batches.
///
/// Every row begins with `at`, the event time at which it is known: once the clock is there, no event can change it.
/// Rows are in order of it. Windows hold their beginning and not their end, and begin at multiples of their slide since
/// 1970. The end of the events ends all windows, sessions and auctions, and no event is late: see `on_time`.
namespace weir::bench::nexmark {

/// q0, pass through: all events, as they came.
std::vector<event> q0(std::span<const event> events);

struct bid_in_euro {
  stream::timestamp at{};
  auction_id auction{};
  person_id bidder{};
  std::int64_t price = 0;

  friend auto operator<=>(const bid_in_euro&, const bid_in_euro&) = default;
};

/// q1, currency conversion: every bid, its price times 0.908, computed as price * 908 / 1000 with the rest cut off.
/// In the order in which the bids came.
std::vector<bid_in_euro> q1(std::span<const event> events);

struct selected_bid {
  stream::timestamp at{};
  auction_id auction{};
  std::int64_t price = 0;

  friend auto operator<=>(const selected_bid&, const selected_bid&) = default;
};

/// q2, selection: the bids for auctions whose id is a multiple of 123. In the order in which they came.
std::vector<selected_bid> q2(std::span<const event> events);

struct local_item {
  stream::timestamp at{};  // of the later of the two
  std::string_view name{};
  std::string_view city{};
  std::string_view state{};
  auction_id auction{};

  friend auto operator<=>(const local_item&, const local_item&) = default;
};

/// q3, local item suggestion: each person of OR, ID or CA with each auction of category 10 that they sell, whichever
/// came first and however long ago. By `at`, then in the order in which the persons came, then the auctions.
std::vector<local_item> q3(std::span<const event> events);

struct category_average {
  stream::timestamp at{};  // when the auction expires
  std::int64_t category = 0;
  std::int64_t winners = 0;  // of the category so far
  std::int64_t average = 0;  // of their prices, the rest cut off

  friend auto operator<=>(const category_average&, const category_average&) = default;
};

/// q4, average price for a category: with each winning bid of q9, in its order, the average of those of its category up
/// to and including it. Flink's suite says so too, but for the reserve, which its winners need not reach; Beam's asks
/// for the averages in sliding windows.
std::vector<category_average> q4(std::span<const event> events);

struct hot_item {
  stream::timestamp at{};  // the window's end
  auction_id auction{};
  std::int64_t bids = 0;

  friend auto operator<=>(const hot_item&, const hot_item&) = default;
};

inline constexpr std::chrono::seconds q5_window{10};
inline constexpr std::chrono::seconds q5_slide{5};

/// q5, hot items: the auctions with the most bids in a sliding window of 10 s, every 5 s, as the configurations of both
/// suites have it (Flink's SQL text has every 2 s). All that have the most, in the order of their first bids in the
/// window; no row for a window without bids.
std::vector<hot_item> q5(std::span<const event> events);

struct highest_bid {
  stream::timestamp at{};  // the window's end
  bid highest{};

  friend auto operator<=>(const highest_bid&, const highest_bid&) = default;
};

inline constexpr std::chrono::seconds q7_window{10};

/// q7, highest bid: the bids of the highest price in each tumbling window of 10 s; all that have it, in the order in
/// which they came.
std::vector<highest_bid> q7(std::span<const event> events);

struct new_seller {
  stream::timestamp at{};  // the window's end
  person_id id{};
  std::string_view name{};

  friend auto operator<=>(const new_seller&, const new_seller&) = default;
};

inline constexpr std::chrono::seconds q8_window{10};

/// q8, monitor new users: who has come in a tumbling window of 10 s and opened at least one auction in the same,
/// whichever was first. Each once a window, in the order in which the persons came.
std::vector<new_seller> q8(std::span<const event> events);

struct winning_bid {
  stream::timestamp at{};  // when the auction expires
  auction sold{};
  bid winner{};

  friend auto operator<=>(const winning_bid&, const winning_bid&) = default;
};

/// q9, winning bids: of the bids for an auction not before it opens and before it expires, whose price is at least its
/// reserve, the one of the highest price; of several the earliest, and of those the first to come. A bid may come
/// before its auction where both have the same time, or events are out of order. By `at`, then by the time when the
/// auctions open, then in the order in which they came. (Beam's suite says so too, but that it takes bids from before
/// the auction opens; Flink's has no reserve, and takes bids at the time of expiry.)
std::vector<winning_bid> q9(std::span<const event> events);

struct bid_session {
  stream::timestamp at{};  // of its last bid, plus the gap
  person_id bidder{};
  std::int64_t bids = 0;
  stream::timestamp first_at{};

  friend auto operator<=>(const bid_session&, const bid_session&) = default;
};

inline constexpr std::chrono::seconds q11_gap{10};

/// q11, user sessions: how many bids a person has made in a row, each less than 10 s after the one before it; one that
/// is exactly 10 s later begins another session, as in Flink, and as in a stream's session(gap). By `at`, then in the
/// order in which their first bids came.
std::vector<bid_session> q11(std::span<const event> events);

/// The events that are not late: none whose time is more than `lateness` before that of any event that came before it.
std::vector<event> on_time(std::span<const event> events, stream::duration lateness = {});

/// Whether two answers have the same rows, as often each; both must be in order of `at`, but rows of one time may come
/// in any order.
template <class Row>
bool same_at_each_time(std::vector<Row> one, std::vector<Row> other) {
  if (!std::ranges::is_sorted(one, {}, &Row::at) || !std::ranges::is_sorted(other, {}, &Row::at)) return false;
  std::ranges::sort(one);
  std::ranges::sort(other);
  return one == other;
}

}  // namespace weir::bench::nexmark
