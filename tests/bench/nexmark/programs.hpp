#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>

#include "stream/dstream/dstream.hpp"
#include "tests/bench/nexmark/answers.hpp"

/// Nexmark's queries as programs over a stream of events: each gives the rows that its namesake in answers.hpp says, in
/// that order, whatever the batches. Events that are more than `lateness` before one that came before them are dropped,
/// as `on_time` says; q0, q1 and q2 do not look at the time. q6 and q10 are not here: the former averages by seller
/// what q4 averages by category, the latter writes files.
namespace weir::bench::nexmark::programs {

using stream::dstream;
using stream::duration;
using stream::state_cell;

inline auto q0(const dstream<event>& events) {
  return events.map([](const event& e) { return e; });
}

// SELECT at, auction, bidder, price * 0.908 FROM bid
inline auto q1(const dstream<event>& events) {
  return events.of_type<bid>().map(
      [](const bid& b) { return bid_in_euro{b.at, b.auction, b.bidder, b.price * 908 / 1000}; });
}

// SELECT at, auction, price FROM bid WHERE auction % 123 = 0
inline auto q2(const dstream<event>& events) {
  return events.of_type<bid>()
      .filter([](const bid& b) { return static_cast<std::int64_t>(b.auction) % 123 == 0; })
      .map([](const bid& b) { return selected_bid{b.at, b.auction, b.price}; });
}

// SELECT p.name, p.city, p.state, a.id FROM person p JOIN auction a ON p.id = a.seller
// WHERE a.category = 10 AND p.state IN ('OR', 'ID', 'CA')
inline auto q3(const dstream<event>& events, duration lateness = {}) {
  const auto timed = events.event_time(time_of, lateness);
  const auto people = timed.of_type<person>()
                          .filter([](const person& p) { return p.state == "OR" || p.state == "ID" || p.state == "CA"; })
                          .key_by(&person::id);
  const auto auctions =
      timed.of_type<auction>().filter([](const auction& a) { return a.category == 10; }).key_by(&auction::seller);
  return people.join(auctions).rows().map([](person_id, const std::pair<person, auction>& both) {
    const auto& [p, a] = both;
    return local_item{std::max(p.at, a.at), p.name, p.city, p.state, a.id};
  });
}

/// An auction that is open, and the best bid so far.
struct open_auction {
  auction sold{};
  std::optional<bid> best{};
};

using auction_or_bid = std::variant<auction, bid>;

/// What an auction or a bid, or the time when the auction expires (none), does to it.
inline std::optional<winning_bid> sell(auction_id, const auction_or_bid* what, state_cell<open_auction>& open) {
  if (what == nullptr) {
    const auto [sold, best] = open.get();
    open.remove();
    return best ? std::optional(winning_bid{sold.expires, sold, *best}) : std::nullopt;
  }
  if (const auto* opened = std::get_if<auction>(what)) {
    open.update({*opened});
    open.wake_at(opened->expires);
  } else if (open.exists()) {
    const auto& made = std::get<bid>(*what);
    auto& [sold, best] = open.get();
    if (best ? made.price > best->price : made.price >= sold.reserve) best = made;
  }
  return std::nullopt;
}

// SELECT * FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY a.id ORDER BY b.price DESC, b.at) AS n
//   FROM auction a, bid b WHERE a.id = b.auction AND b.at >= a.at AND b.at < a.expires AND b.price >= a.reserve)
// WHERE n = 1
inline auto q9(const dstream<event>& events, duration lateness = {}) {
  const auto timed = events.event_time(time_of, lateness);
  const auto auctions =
      timed.of_type<auction>().map([](const auction& a) { return std::pair(a.id, auction_or_bid(a)); });
  const auto bids = timed.of_type<bid>().map([](const bid& b) { return std::pair(b.auction, auction_or_bid(b)); });
  // By time, and of one time the auctions first: what comes without an open auction is too early or too late.
  return auctions.union_with(bids).map_with_state<open_auction>(sell);
}

/// Of a category.
struct winners_so_far {
  std::int64_t count = 0;
  std::int64_t sum = 0;
};

// SELECT category, AVG(price) OVER (PARTITION BY category ORDER BY at ROWS UNBOUNDED PRECEDING) FROM q9
inline auto q4(const dstream<event>& events, duration lateness = {}) {
  return q9(events, lateness)
      .map([](const winning_bid& w) { return std::pair(w.sold.category, w); })
      .map_with_state<winners_so_far>([](std::int64_t category, const winning_bid* w, state_cell<winners_so_far>& of) {
        if (!of.exists()) of.update({});
        auto& [count, sum] = of.get();
        count += 1;
        sum += w->winner.price;
        return category_average{w->at, category, count, sum / count};
      });
}

// SELECT window_end, auction, n FROM (SELECT *, RANK() OVER (PARTITION BY window_end ORDER BY n DESC) AS place
//   FROM (SELECT window_end, auction, COUNT(*) AS n FROM HOP(bid, 5 s, 10 s) GROUP BY window_end, auction))
// WHERE place = 1
inline auto q5(const dstream<event>& events, duration lateness = {}) {
  return events.event_time(time_of, lateness)
      .of_type<bid>()
      .key_by(&bid::auction)
      .sliding(q5_window, q5_slide)
      .count_by_key()
      .tumbling(q5_slide)  // what has one window's end
      .greatest_by([](const auto& counted) { return counted.value.second; })
      .rows()
      .flat_map([](const auto& counts) { return counts.value; })
      .map([](const auto& counted) {
        const auto& [auction, bids] = counted.value;
        return hot_item{counted.end, auction, static_cast<std::int64_t>(bids)};
      });
}

// SELECT window_end, b.* FROM (SELECT *, RANK() OVER (PARTITION BY window_end ORDER BY price DESC) AS place
//   FROM TUMBLE(bid, 10 s)) WHERE place = 1
inline auto q7(const dstream<event>& events, duration lateness = {}) {
  return events.event_time(time_of, lateness)
      .of_type<bid>()
      .tumbling(q7_window)
      .greatest_by(&bid::price)
      .map([](const auto& highest) { return std::pair(highest.end, highest.value); })
      .rows()
      .flat_map_values([](const auto& bids) { return bids; })
      .map([](stream::timestamp end, const bid& highest) { return highest_bid{end, highest}; });
}

// SELECT p.window_end, p.id, p.name
// FROM (SELECT id, name, window_end FROM TUMBLE(person, 10 s) GROUP BY id, name, window_end) p
// JOIN (SELECT seller, window_end FROM TUMBLE(auction, 10 s) GROUP BY seller, window_end) a
// ON p.id = a.seller AND p.window_end = a.window_end
inline auto q8(const dstream<event>& events, duration lateness = {}) {
  const auto timed = events.event_time(time_of, lateness);
  const auto people = timed.of_type<person>()
                          .key_by(&person::id)
                          .tumbling(q8_window)
                          .reduce_by_key([](const person& first, const person&) { return first; })
                          .map([](const auto& window) {
                            const auto& [id, who] = window.value;
                            return std::pair(id, new_seller{window.end, id, who.name});
                          });
  const auto sellers =
      timed.of_type<auction>().key_by(&auction::seller).tumbling(q8_window).count_by_key().map([](const auto& window) {
        return window.value;
      });
  return people.join_within(sellers, {}).rows().map([](person_id, const auto& both) { return both.first; });
}

// SELECT session_end, bidder, COUNT(*), session_start FROM SESSION(bid PARTITION BY bidder, 10 s)
// GROUP BY bidder, session_start, session_end
inline auto q11(const dstream<event>& events, duration lateness = {}) {
  return events.event_time(time_of, lateness)
      .of_type<bid>()
      .key_by(&bid::bidder)
      .session(q11_gap)
      .count_by_key()
      .rows()
      .map([](const auto& session) {
        const auto& [bidder, bids] = session.value;
        return bid_session{session.end, bidder, static_cast<std::int64_t>(bids), session.start};
      });
}

}  // namespace weir::bench::nexmark::programs
