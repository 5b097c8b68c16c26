#pragma once

#include <span>

#include "tests/bench/nexmark/answers.hpp"
#include "tests/bench/nexmark/digest.hpp"
#include "tests/bench/nexmark/keyed_numbers.hpp"

namespace weir::bench::nexmark {

/// The digest of rows as programs of other languages compute it: of each row the numbers, in the order of its members.
/// Of an event those are its time and its ids; of q3 the time and the auction; of q7 and q9 what tells the bid.
digest digest_of(std::span<const event> rows);
digest digest_of(std::span<const bid_in_euro> rows);
digest digest_of(std::span<const selected_bid> rows);
digest digest_of(std::span<const local_item> rows);
/// Of the last row of each category only, without its time: where two auctions expire at once their order is free.
digest digest_of(std::span<const category_average> rows);
digest digest_of(std::span<const hot_item> rows);
digest digest_of(std::span<const highest_bid> rows);
digest digest_of(std::span<const new_seller> rows);
digest digest_of(std::span<const winning_bid> rows);
digest digest_of(std::span<const bid_session> rows);

/// Rows are key and number; those of batches begin with the batch's number, counted from 0.
digest digest_of(std::span<const keyed_number> rows);
digest digest_of(std::span<const sums> batches);

}  // namespace weir::bench::nexmark
