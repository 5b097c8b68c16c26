#include "tests/bench/nexmark/answer_digests.hpp"

#include <map>

namespace weir::bench::nexmark {

namespace {

std::int64_t ms(stream::timestamp t) { return t.time_since_epoch() / std::chrono::milliseconds(1); }

template <class Id>
  requires std::is_enum_v<Id>
std::int64_t number_of(Id id) {
  return static_cast<std::int64_t>(id);
}

void add(digest& to, const person& p) { to.add({ms(p.at), number_of(p.id)}); }
void add(digest& to, const auction& a) { to.add({ms(a.at), number_of(a.id), number_of(a.seller), ms(a.expires)}); }
void add(digest& to, const bid& b) { to.add({ms(b.at), number_of(b.auction), number_of(b.bidder), b.price}); }
void add(digest& to, const event& e) {
  std::visit([&](const auto& kind) { add(to, kind); }, e);
}
void add(digest& to, const bid_in_euro& r) { to.add({ms(r.at), number_of(r.auction), number_of(r.bidder), r.price}); }
void add(digest& to, const selected_bid& r) { to.add({ms(r.at), number_of(r.auction), r.price}); }
void add(digest& to, const local_item& r) { to.add({ms(r.at), number_of(r.auction)}); }
void add(digest& to, const hot_item& r) { to.add({ms(r.at), number_of(r.auction), r.bids}); }
void add(digest& to, const highest_bid& r) {
  to.add({ms(r.at), number_of(r.highest.auction), number_of(r.highest.bidder), r.highest.price, ms(r.highest.at)});
}
void add(digest& to, const new_seller& r) { to.add({ms(r.at), number_of(r.id)}); }
void add(digest& to, const winning_bid& r) {
  to.add({ms(r.at), number_of(r.sold.id), number_of(r.winner.bidder), r.winner.price, ms(r.winner.at)});
}
void add(digest& to, const bid_session& r) { to.add({ms(r.at), number_of(r.bidder), r.bids, ms(r.first_at)}); }
void add(digest& to, const keyed_number& r) { to.add({r.first, r.second}); }

template <class Row>
digest of_all(std::span<const Row> rows) {
  digest all;
  for (const Row& row : rows) add(all, row);
  return all;
}

}  // namespace

digest digest_of(std::span<const event> rows) { return of_all(rows); }
digest digest_of(std::span<const bid_in_euro> rows) { return of_all(rows); }
digest digest_of(std::span<const selected_bid> rows) { return of_all(rows); }
digest digest_of(std::span<const local_item> rows) { return of_all(rows); }
digest digest_of(std::span<const hot_item> rows) { return of_all(rows); }
digest digest_of(std::span<const highest_bid> rows) { return of_all(rows); }
digest digest_of(std::span<const new_seller> rows) { return of_all(rows); }
digest digest_of(std::span<const winning_bid> rows) { return of_all(rows); }
digest digest_of(std::span<const bid_session> rows) { return of_all(rows); }
digest digest_of(std::span<const keyed_number> rows) { return of_all(rows); }

digest digest_of(std::span<const category_average> rows) {
  std::map<std::int64_t, category_average> last;
  for (const category_average& row : rows) last[row.category] = row;
  digest all;
  for (const auto& [category, row] : last) all.add({category, row.winners, row.average});
  return all;
}

digest digest_of(std::span<const sums> batches) {
  digest all;
  for (std::size_t batch = 0; batch < batches.size(); ++batch) {
    for (const auto& [key, sum] : batches[batch]) all.add({static_cast<std::int64_t>(batch), key, sum});
  }
  return all;
}

}  // namespace weir::bench::nexmark
