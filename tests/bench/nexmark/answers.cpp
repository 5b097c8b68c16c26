#include "tests/bench/nexmark/answers.hpp"

#include <iterator>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

namespace weir::bench::nexmark {

namespace {

constexpr std::int64_t selected_auctions = 123;
constexpr std::int64_t local_category = 10;

// The events of a kind, in order.
template <class Kind>
std::vector<Kind> all_of(std::span<const event> events) {
  std::vector<Kind> found;
  for (const event& e : events) {
    if (const auto* one = std::get_if<Kind>(&e)) found.push_back(*one);
  }
  return found;
}

// Values by key, in the order in which the keys were first asked for.
template <class Key, class Value>
class in_order {
 public:
  Value& operator[](const Key& key) {
    const auto [at, is_new] = places_.emplace(key, all_.size());
    if (is_new) all_.emplace_back(key, Value{});
    return all_[at->second].second;
  }
  auto begin() const { return all_.begin(); }
  auto end() const { return all_.end(); }

 private:
  std::vector<std::pair<Key, Value>> all_;
  std::unordered_map<Key, std::size_t> places_;
};

stream::timestamp start_of_window(stream::timestamp t, stream::duration slide) {
  const stream::duration past = t.time_since_epoch() % slide;
  return t - (past < stream::duration::zero() ? past + slide : past);
}

stream::timestamp end_of_window(stream::timestamp t, stream::duration size) { return start_of_window(t, size) + size; }

// By time, rows of one time as they are.
template <class Row>
std::vector<Row> sorted_by_time(std::vector<Row> rows) {
  std::ranges::stable_sort(rows, {}, &Row::at);
  return rows;
}

bool may_win(const bid& b, const auction& of) { return b.at >= of.at && b.at < of.expires && b.price >= of.reserve; }

bool beats(const bid& one, const bid& other) {
  return one.price > other.price || (one.price == other.price && one.at < other.at);
}

// The winner of those for one auction; none where nobody reaches the reserve.
const bid* winner_of(const auction& a, const std::vector<bid>& bids) {
  const bid* best = nullptr;
  for (const bid& b : bids) {
    if (may_win(b, a) && (best == nullptr || beats(b, *best))) best = &b;
  }
  return best;
}

struct numbered_bid {
  bid made;
  std::size_t number = 0;  // in the order in which bids came
};

// A session, with the number of the bid of it that came first.
using numbered_session = std::pair<bid_session, std::size_t>;

// The sessions of one bidder's bids, which are in order of time.
std::vector<numbered_session> sessions_of(const std::vector<numbered_bid>& bids) {
  std::vector<numbered_session> all;
  for (const auto& [made, number] : bids) {
    if (all.empty() || made.at >= all.back().first.at) {
      all.emplace_back(bid_session{.at = {}, .bidder = made.bidder, .bids = 0, .first_at = made.at}, number);
    }
    auto& [session, first] = all.back();
    session.at = made.at + q11_gap;
    session.bids += 1;
    first = std::min(first, number);
  }
  return all;
}

}  // namespace

std::vector<event> q0(std::span<const event> events) { return {events.begin(), events.end()}; }

std::vector<bid_in_euro> q1(std::span<const event> events) {
  std::vector<bid_in_euro> rows;
  for (const bid& b : all_of<bid>(events)) rows.push_back({b.at, b.auction, b.bidder, b.price * 908 / 1000});
  return rows;
}

std::vector<selected_bid> q2(std::span<const event> events) {
  std::vector<selected_bid> rows;
  for (const bid& b : all_of<bid>(events)) {
    if (static_cast<std::int64_t>(b.auction) % selected_auctions == 0) rows.push_back({b.at, b.auction, b.price});
  }
  return rows;
}

std::vector<local_item> q3(std::span<const event> events) {
  std::map<person_id, std::vector<auction>> sold;
  for (const auction& a : all_of<auction>(events)) {
    if (a.category == local_category) sold[a.seller].push_back(a);
  }
  std::vector<local_item> rows;
  for (const person& p : all_of<person>(events)) {
    if (p.state != "OR" && p.state != "ID" && p.state != "CA") continue;
    for (const auction& a : sold[p.id]) rows.push_back({std::max(p.at, a.at), p.name, p.city, p.state, a.id});
  }
  return sorted_by_time(std::move(rows));
}

std::vector<category_average> q4(std::span<const event> events) {
  std::map<std::int64_t, std::pair<std::int64_t, std::int64_t>> categories;
  std::vector<category_average> rows;
  for (const winning_bid& w : q9(events)) {
    auto& [winners, sum] = categories[w.sold.category];
    winners += 1;
    sum += w.winner.price;
    rows.push_back({w.at, w.sold.category, winners, sum / winners});
  }
  return rows;
}

std::vector<hot_item> q5(std::span<const event> events) {
  std::map<stream::timestamp, in_order<auction_id, std::int64_t>> windows;  // by their ends
  for (const bid& b : all_of<bid>(events)) {
    for (auto start = start_of_window(b.at, q5_slide); start + q5_window > b.at; start -= q5_slide) {
      windows[start + q5_window][b.auction] += 1;
    }
  }
  std::vector<hot_item> rows;
  for (const auto& [end, counts] : windows) {
    std::int64_t most = 0;
    for (const auto& [auction, bids] : counts) most = std::max(most, bids);
    for (const auto& [auction, bids] : counts) {
      if (bids == most) rows.push_back({end, auction, bids});
    }
  }
  return rows;
}

std::vector<highest_bid> q7(std::span<const event> events) {
  std::map<stream::timestamp, std::vector<bid>> windows;
  for (const bid& b : all_of<bid>(events)) windows[end_of_window(b.at, q7_window)].push_back(b);
  std::vector<highest_bid> rows;
  for (const auto& [end, bids] : windows) {
    const std::int64_t highest = std::ranges::max(bids, {}, &bid::price).price;
    for (const bid& b : bids) {
      if (b.price == highest) rows.push_back({end, b});
    }
  }
  return rows;
}

std::vector<new_seller> q8(std::span<const event> events) {
  std::set<std::pair<stream::timestamp, person_id>> sellers;
  for (const auction& a : all_of<auction>(events)) sellers.emplace(end_of_window(a.at, q8_window), a.seller);
  std::set<std::pair<stream::timestamp, person_id>> told;
  std::vector<new_seller> rows;
  for (const person& p : all_of<person>(events)) {
    const stream::timestamp end = end_of_window(p.at, q8_window);
    if (sellers.contains({end, p.id}) && told.emplace(end, p.id).second) rows.push_back({end, p.id, p.name});
  }
  return sorted_by_time(std::move(rows));
}

std::vector<winning_bid> q9(std::span<const event> events) {
  std::map<auction_id, std::vector<bid>> bids;
  for (const bid& b : all_of<bid>(events)) bids[b.auction].push_back(b);
  std::vector<winning_bid> rows;
  for (const auction& a : sorted_by_time(all_of<auction>(events))) {
    if (const bid* winner = winner_of(a, bids[a.id])) rows.push_back({a.expires, a, *winner});
  }
  return sorted_by_time(std::move(rows));
}

std::vector<bid_session> q11(std::span<const event> events) {
  std::map<person_id, std::vector<numbered_bid>> bids;
  std::size_t number = 0;
  for (const bid& b : all_of<bid>(events)) bids[b.bidder].push_back({b, number++});
  std::vector<numbered_session> all;
  for (auto& [bidder, of_bidder] : bids) {
    std::ranges::stable_sort(of_bidder, {}, [](const numbered_bid& b) { return b.made.at; });
    std::ranges::copy(sessions_of(of_bidder), std::back_inserter(all));
  }
  std::ranges::sort(all, {}, [](const numbered_session& s) { return std::pair(s.first.at, s.second); });
  std::vector<bid_session> rows;
  for (const auto& [session, first] : all) rows.push_back(session);
  return rows;
}

std::vector<event> on_time(std::span<const event> events, stream::duration lateness) {
  std::vector<event> rows;
  stream::timestamp greatest = stream::start_of_time;
  for (const event& e : events) {
    if (time_of(e) >= stream::saturating_add(greatest, -lateness)) rows.push_back(e);
    greatest = std::max(greatest, time_of(e));
  }
  return rows;
}

}  // namespace weir::bench::nexmark
