// Nexmark's events have the proportions that its suites publish, and its queries answer what one computes by hand.

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "tests/bench/nexmark/answer_digests.hpp"
#include "tests/bench/nexmark/answers.hpp"
#include "tests/bench/nexmark/generator.hpp"
#include "tests/bench/nexmark/keyed_numbers.hpp"

using namespace weir::bench::nexmark;
using namespace std::chrono_literals;
using weir::stream::timestamp;

namespace {

constexpr timestamp begin = std::chrono::sys_days{std::chrono::year{2015} / 7 / 15};

// So long after the beginning, which is the beginning of a window too.
timestamp t(weir::stream::duration after) { return begin + after; }

bid bid_for(std::int64_t auction, std::int64_t bidder, std::int64_t price, weir::stream::duration at) {
  return {.auction = auction_id{auction}, .bidder = person_id{bidder}, .price = price, .at = t(at)};
}

person person_of(std::int64_t id, std::string_view state, weir::stream::duration at) {
  return {.id = person_id{id}, .name = "Kate Jones", .city = "Bend", .state = state, .at = t(at)};
}

struct sale {
  std::int64_t reserve = 0;
  std::int64_t seller = 1;
  std::int64_t category = 10;
};

auction auction_of(std::int64_t id, weir::stream::duration at, weir::stream::duration expires, sale of = {}) {
  return {.id = auction_id{id},
          .reserve = of.reserve,
          .at = t(at),
          .expires = t(expires),
          .seller = person_id{of.seller},
          .category = of.category};
}

template <class Kind>
std::vector<Kind> all_of(const std::vector<event>& events) {
  std::vector<Kind> found;
  for (const event& e : events) {
    if (const auto* one = std::get_if<Kind>(&e)) found.push_back(*one);
  }
  return found;
}

double share(const auto& all, auto is_counted) {
  return static_cast<double>(std::ranges::count_if(all, is_counted)) / static_cast<double>(all.size());
}

}  // namespace

TEST_CASE("of fifty events one is a person, three are auctions, and the others are bids", "[quick]") {
  const auto events = make_events(50'000);
  for (std::size_t i = 0; i < events.size(); ++i) {
    const std::size_t kind = i % 50 == 0 ? 0 : i % 50 < 4 ? 1 : 2;
    REQUIRE(events[i].index() == kind);
  }
}

TEST_CASE("people and auctions are numbered from a thousand without gaps", "[quick]") {
  const auto events = make_events(5'000);
  std::int64_t next = 1'000;
  for (const person& p : all_of<person>(events)) REQUIRE(p.id == person_id{next++});
  next = 1'000;
  for (const auction& a : all_of<auction>(events)) REQUIRE(a.id == auction_id{next++});
}

TEST_CASE("an event depends on the seed and its number only", "[quick]") {
  const auto events = make_events(1'000);
  const generator again;
  for (std::size_t i = events.size(); i-- > 0;) REQUIRE(again(i) == events[i]);
  const generator other({.seed = 43});
  std::size_t same = 0;
  for (std::size_t i = 0; i < events.size(); ++i) same += other(i) == events[i] ? 1 : 0;
  CHECK(same == 0);
}

TEST_CASE("ten thousand events come a second, at whole milliseconds", "[quick]") {
  const generator make;
  CHECK(time_of(make(0)) == begin);
  CHECK(time_of(make(9)) == begin);
  CHECK(time_of(make(10)) == t(1ms));
  CHECK(time_of(make(1'000'019)) == t(100s + 1ms));
  CHECK(time_of(generator({.events_per_second = 10})(25)) == t(2500ms));
}

TEST_CASE("half of the bids are for the first of a hundred auctions, and most are by the second of as many people",
          "[quick]") {
  const auto bids = all_of<bid>(make_events(500'000));
  // A hundredth of the others is there by chance.
  CHECK(share(bids, [](const bid& b) { return static_cast<std::int64_t>(b.auction) % 100 == 0; }) ==
        Approx(0.505).margin(0.01));
  CHECK(share(bids, [](const bid& b) { return static_cast<std::int64_t>(b.bidder) % 100 == 1; }) ==
        Approx(0.7525).margin(0.01));
  CHECK(share(bids, [](const bid& b) { return b.channel.starts_with("channel-"); }) == Approx(0.5).margin(0.01));
}

TEST_CASE("three of four auctions are of the first of a hundred people, and each category has a fifth", "[quick]") {
  const auto auctions = all_of<auction>(make_events(500'000));
  CHECK(share(auctions, [](const auction& a) { return static_cast<std::int64_t>(a.seller) % 100 == 0; }) ==
        Approx(0.7525).margin(0.01));
  for (std::int64_t category = 10; category < 15; ++category) {
    CHECK(share(auctions, [&](const auction& a) { return a.category == category; }) == Approx(0.2).margin(0.01));
  }
}

TEST_CASE("auctions last a sixth of a second on average, and are over before twice that", "[quick]") {
  const auto auctions = all_of<auction>(make_events(500'000));
  double sum_ms = 0;
  for (const auction& a : auctions) {
    REQUIRE(a.expires > a.at);
    REQUIRE(a.expires - a.at <= 334ms);
    sum_ms += static_cast<double>((a.expires - a.at) / 1ms);
  }
  CHECK(sum_ms / static_cast<double>(auctions.size()) == Approx(167).margin(3));
}

TEST_CASE("prices are from a dollar to a million, as many in each power of ten", "[quick]") {
  const auto events = make_events(500'000);
  const auto bids = all_of<bid>(events);
  for (std::int64_t from = 100; from < 100'000'000; from *= 10) {
    CHECK(share(bids, [&](const bid& b) { return b.price >= from && b.price < 10 * from; }) ==
          Approx(1.0 / 6).margin(0.01));
  }
  for (const auction& a : all_of<auction>(events)) REQUIRE(a.reserve >= a.initial_bid + 100);
}

TEST_CASE("bids are for auctions and by people that are there, or will be soon", "[quick]") {
  std::int64_t people = 1'000;  // the id of the next
  std::int64_t auctions = 1'000;
  for (const event& e : make_events(500'000)) {
    people += std::holds_alternative<person>(e) ? 1 : 0;
    auctions += std::holds_alternative<auction>(e) ? 1 : 0;
    if (const auto* b = std::get_if<bid>(&e)) {
      REQUIRE(static_cast<std::int64_t>(b->auction) < auctions + 10);
      REQUIRE(static_cast<std::int64_t>(b->auction) >= std::min<std::int64_t>(1'000, auctions - 101));
      REQUIRE(static_cast<std::int64_t>(b->bidder) < people + 10);
    }
  }
}

TEST_CASE("events out of order are the same events, none later than the bound says", "[quick]") {
  const auto in_order = make_events(10'000);
  const generator shuffled({.out_of_order_group = 1'000});
  auto events = make_events(10'000, {.out_of_order_group = 1'000});
  CHECK(on_time(events, shuffled.disorder()).size() == events.size());
  CHECK(on_time(events, shuffled.disorder() / 2).size() < events.size());
  CHECK(events != in_order);
  std::ranges::sort(events);
  auto sorted = in_order;
  std::ranges::sort(sorted);
  CHECK(events == sorted);
  CHECK(generator().disorder() == 0us);
  CHECK(on_time(in_order) == in_order);
}

TEST_CASE("an event is late when it is more than the lateness before the greatest time so far", "[quick]") {
  const std::vector<event> events{bid_for(1, 1, 1, 5s), bid_for(2, 1, 1, 4s), bid_for(3, 1, 1, 3s),
                                  bid_for(4, 1, 1, 5s)};
  CHECK(on_time(events) == std::vector<event>{events[0], events[3]});
  CHECK(on_time(events, 1s) == std::vector<event>{events[0], events[1], events[3]});
  CHECK(on_time(events, 2s) == events);
}

TEST_CASE("q0 gives all events", "[quick]") {
  const auto events = make_events(100);
  CHECK(q0(events) == events);
}

TEST_CASE("q1 converts prices and cuts off what is less than a cent", "[quick]") {
  const std::vector<event> events{person_of(1, "OR", 0s), bid_for(7, 1, 1000, 1s), bid_for(8, 2, 99, 2s)};
  CHECK(q1(events) ==
        std::vector<bid_in_euro>{{t(1s), auction_id{7}, person_id{1}, 908}, {t(2s), auction_id{8}, person_id{2}, 89}});
}

TEST_CASE("q2 gives the bids for every 123rd auction", "[quick]") {
  const std::vector<event> events{bid_for(1107, 1, 10, 1s), bid_for(1108, 1, 20, 2s), bid_for(123, 2, 30, 3s)};
  CHECK(q2(events) == std::vector<selected_bid>{{t(1s), auction_id{1107}, 10}, {t(3s), auction_id{123}, 30}});
}

TEST_CASE("q3 joins local sellers and their auctions, whichever came first", "[quick]") {
  const std::vector<event> events{
      auction_of(1, 1s, 9s, {.seller = 5}),
      person_of(5, "OR", 2s),
      person_of(6, "WA", 3s),
      auction_of(2, 4s, 9s, {.seller = 6}),
      auction_of(3, 5s, 9s, {.seller = 5, .category = 11}),
      auction_of(4, 6s, 9s, {.seller = 5}),
      person_of(7, "CA", 7s),
      auction_of(5, 7s, 9s, {.seller = 7}),
  };
  CHECK(q3(events) == std::vector<local_item>{{t(2s), "Kate Jones", "Bend", "OR", auction_id{1}},
                                              {t(6s), "Kate Jones", "Bend", "OR", auction_id{4}},
                                              {t(7s), "Kate Jones", "Bend", "CA", auction_id{5}}});
}

TEST_CASE("q3 orders pairs that are known at one time by who came first", "[quick]") {
  const std::vector<event> events{
      auction_of(2, 1s, 9s, {.seller = 5}),
      auction_of(1, 1s, 9s, {.seller = 6}),
      person_of(6, "ID", 3s),
      person_of(5, "CA", 3s),
      auction_of(3, 3s, 9s, {.seller = 6}),
  };
  CHECK(q3(events) == std::vector<local_item>{{t(3s), "Kate Jones", "Bend", "ID", auction_id{1}},
                                              {t(3s), "Kate Jones", "Bend", "ID", auction_id{3}},
                                              {t(3s), "Kate Jones", "Bend", "CA", auction_id{2}}});
}

TEST_CASE("q5 gives all auctions with the most bids in each sliding window", "[quick]") {
  const std::vector<event> events{
      bid_for(1, 1, 1, 1s),  bid_for(2, 1, 1, 4999ms), bid_for(2, 1, 1, 5s),
      bid_for(1, 1, 1, 11s), bid_for(1, 1, 1, 30s),
  };
  // [-5, 5): 1 and 2 once each; [0, 10): 2 twice; [5, 15): 2 and 1 once each; [10, 20): 1; then [25, 35) and [30, 40).
  CHECK(q5(events) == std::vector<hot_item>{{t(5s), auction_id{1}, 1},
                                            {t(5s), auction_id{2}, 1},
                                            {t(10s), auction_id{2}, 2},
                                            {t(15s), auction_id{2}, 1},
                                            {t(15s), auction_id{1}, 1},
                                            {t(20s), auction_id{1}, 1},
                                            {t(35s), auction_id{1}, 1},
                                            {t(40s), auction_id{1}, 1}});
}

TEST_CASE("q7 gives all bids of the highest price in each tumbling window", "[quick]") {
  const bid low = bid_for(1, 1, 10, 0s);
  const bid high = bid_for(2, 1, 20, 9s);
  const bid as_high = bid_for(1, 2, 20, 9999ms);
  const bid next = bid_for(1, 3, 5, 10s);
  CHECK(q7(std::vector<event>{low, high, as_high, next}) ==
        std::vector<highest_bid>{{t(10s), high}, {t(10s), as_high}, {t(20s), next}});
}

TEST_CASE("q8 gives who came and sold in the same tumbling window, each once", "[quick]") {
  const std::vector<event> events{
      auction_of(1, 1s, 99s, {.seller = 6}),
      person_of(5, "OR", 2s),
      person_of(6, "OR", 3s),
      auction_of(2, 9s, 99s, {.seller = 5}),
      auction_of(3, 9s, 99s, {.seller = 5}),
      person_of(7, "OR", 9999ms),
      auction_of(4, 10s, 99s, {.seller = 7}),
      auction_of(5, 11s, 99s, {.seller = 5}),
  };
  CHECK(q8(events) ==
        std::vector<new_seller>{{t(10s), person_id{5}, "Kate Jones"}, {t(10s), person_id{6}, "Kate Jones"}});
}

TEST_CASE("q9 gives the highest bid that reaches the reserve while the auction is open, of equal ones the earliest",
          "[quick]") {
  const auction first = auction_of(1, 1s, 8s, {.reserve = 100});
  const auction second = auction_of(2, 2s, 6s, {.reserve = 100});
  const auction unsold = auction_of(3, 2s, 7s, {.reserve = 1000});
  const bid winner = bid_for(1, 3, 300, 5s);
  const bid at_opening = bid_for(2, 4, 100, 2s);
  const std::vector<event> events{
      bid_for(1, 9, 999, 999ms),  // before it opens
      first,
      at_opening,  // the reserve exactly, and come before its auction at the same time
      second,
      unsold,
      bid_for(2, 5, 99, 3s),
      bid_for(3, 5, 999, 3s),
      bid_for(1, 2, 200, 4s),
      winner,
      bid_for(1, 4, 300, 6s),
      bid_for(2, 9, 999, 6s),  // as it expires
  };
  CHECK(q9(events) == std::vector<winning_bid>{{t(6s), second, at_opening}, {t(8s), first, winner}});
}

TEST_CASE("q9 orders auctions that expire together by which came first, and takes the first of equal bids", "[quick]") {
  const auction first = auction_of(9, 1s, 8s);
  const auction second = auction_of(2, 2s, 8s);
  const bid for_second = bid_for(2, 1, 10, 3s);
  const bid for_first = bid_for(9, 1, 10, 4s);
  const std::vector<event> events{first, second, for_second, bid_for(2, 2, 10, 3s), for_first};
  CHECK(q9(events) == std::vector<winning_bid>{{t(8s), first, for_first}, {t(8s), second, for_second}});
}

TEST_CASE("q4 averages the winners of each category so far", "[quick]") {
  const std::vector<event> events{
      auction_of(1, 0s, 5s), auction_of(2, 0s, 4s), auction_of(3, 0s, 3s, {.category = 11}),
      auction_of(4, 0s, 6s), bid_for(1, 1, 10, 1s), bid_for(2, 1, 21, 1s),
      bid_for(3, 1, 70, 1s),
  };
  CHECK(q4(events) == std::vector<category_average>{{t(3s), 11, 1, 70}, {t(4s), 10, 1, 21}, {t(5s), 10, 2, 15}});
}

TEST_CASE("q4 says of generated events what one gets from their winning bids", "[quick]") {
  const auto events = make_events(100'000);
  const auto won = q9(events);
  const auto averages = q4(events);
  REQUIRE(won.size() == averages.size());
  REQUIRE(won.size() > 100);
  for (std::int64_t category = 10; category < 15; ++category) {
    std::int64_t winners = 0;
    std::int64_t sum = 0;
    category_average last;
    for (const winning_bid& w : won) winners += w.sold.category == category ? 1 : 0;
    for (const winning_bid& w : won) sum += w.sold.category == category ? w.winner.price : 0;
    for (const category_average& a : averages) last = a.category == category ? a : last;
    CHECK(last.winners == winners);
    CHECK(last.average == sum / winners);
  }
}

TEST_CASE("q11 ends a session where no bid comes for less than ten seconds", "[quick]") {
  const std::vector<event> events{
      bid_for(1, 1, 1, 0s),  bid_for(1, 2, 1, 1s),  bid_for(1, 1, 1, 9999ms),
      bid_for(1, 2, 1, 11s), bid_for(1, 1, 1, 15s), bid_for(1, 3, 1, 15s),
  };
  CHECK(q11(events) == std::vector<bid_session>{{t(11s), person_id{2}, 1, t(1s)},
                                                {t(21s), person_id{2}, 1, t(11s)},
                                                {t(25s), person_id{1}, 3, t(0s)},
                                                {t(25s), person_id{3}, 1, t(15s)}});
}

TEST_CASE("q11 takes bids by their times, and sessions that end together by which bid came first", "[quick]") {
  const std::vector<event> events{bid_for(1, 2, 1, 8s), bid_for(1, 1, 1, 12s), bid_for(1, 1, 1, 4s),
                                  bid_for(1, 2, 1, 12s)};
  CHECK(q11(events) == std::vector<bid_session>{{t(22s), person_id{2}, 2, t(8s)}, {t(22s), person_id{1}, 2, t(4s)}});
}

TEST_CASE("the answers to events out of order are those to the same in order, but for ties", "[quick]") {
  const auto in_order = make_events(200'000, {.events_per_second = 2'000});
  const auto shuffled = make_events(200'000, {.events_per_second = 2'000, .out_of_order_group = 200});
  REQUIRE(shuffled != in_order);
  CHECK(same_at_each_time(q3(shuffled), q3(in_order)));
  CHECK(same_at_each_time(q5(shuffled), q5(in_order)));
  CHECK(same_at_each_time(q7(shuffled), q7(in_order)));
  CHECK(same_at_each_time(q8(shuffled), q8(in_order)));
  CHECK(same_at_each_time(q9(shuffled), q9(in_order)));
  CHECK(same_at_each_time(q11(shuffled), q11(in_order)));
}

TEST_CASE("every query finds something in few events", "[quick]") {
  const auto events = make_events(100'000);
  CHECK(q1(events).size() == 92'000);
  CHECK_FALSE(q2(events).empty());
  CHECK_FALSE(q3(events).empty());
  CHECK(q5(events).size() >= 3);
  CHECK_FALSE(q7(events).empty());
  CHECK_FALSE(q8(events).empty());
  CHECK_FALSE(q11(events).empty());
}

TEST_CASE("answers are the same at each time whatever the order within it, and differ by one row", "[quick]") {
  const std::vector<selected_bid> rows{
      {t(1s), auction_id{1}, 10}, {t(1s), auction_id{2}, 10}, {t(2s), auction_id{1}, 5}};
  CHECK(same_at_each_time(rows, {rows[1], rows[0], rows[2]}));
  CHECK_FALSE(same_at_each_time(rows, {rows[0], rows[2], rows[1]}));
  CHECK_FALSE(same_at_each_time(rows, {rows[0], rows[0], rows[2]}));
  CHECK_FALSE(same_at_each_time(rows, {rows[0], rows[1]}));
}

TEST_CASE("a digest is the same in any order, and another when a row differs", "[quick]") {
  std::vector<keyed_number> rows{{1, 10}, {2, 20}, {1, 10}};
  const digest before = digest_of(rows);
  CHECK(before.rows() == 3);
  std::swap(rows[1], rows[2]);
  CHECK(digest_of(rows) == before);
  rows[0].second = 11;
  CHECK_FALSE(digest_of(rows) == before);
}

TEST_CASE("the digest of averages is that of the last of each category", "[quick]") {
  const std::vector<category_average> rows{{t(1s), 10, 1, 70}, {t(2s), 11, 1, 30}, {t(3s), 10, 2, 50}};
  digest last;
  last.add({10, 2, 50});
  last.add({11, 1, 30});
  CHECK(digest_of(rows) == last);
}

TEST_CASE("keyed numbers are mapped, filtered and summed as one does by hand", "[quick]") {
  const std::vector<keyed_number> rows{{1, 1}, {2, 2}, {1, 4}, {1, 3}};
  CHECK(mapped_and_filtered(rows) == std::vector<keyed_number>{{1, 3}, {1, 9}});
  CHECK(sums_of_batches(rows, 3) == std::vector<sums>{{{1, 5}, {2, 2}}, {{1, 3}}});
  CHECK(running_sums(rows) == std::vector<keyed_number>{{1, 1}, {2, 2}, {1, 5}, {1, 8}});
}

TEST_CASE("a window of ten batches forgets the eleventh last", "[quick]") {
  std::vector<keyed_number> rows{{7, 100}};
  for (std::int32_t i = 0; i < 11; ++i) rows.emplace_back(8, 1);
  const auto windows = sums_of_windows(rows, 1);
  REQUIRE(windows.size() == 12);
  CHECK(windows[9] == sums{{7, 100}, {8, 9}});
  CHECK(windows[10] == sums{{8, 10}});
  CHECK(windows[11] == sums{{8, 10}});
}
