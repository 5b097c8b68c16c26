#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "stream/dstream/row_text.hpp"
#include "tests/support/dstream_by_hand.hpp"
#include "tests/support/dstream_run.hpp"

namespace weir::testing {

namespace {

using namespace std::chrono_literals;
using stream::duration;
using stream::timestamp;

struct bid {
  int auction = 0;
  std::string bidder;
  int price = 0;
  timestamp at{};
};

bid at_second(int second, int auction = 1, std::string bidder = "ann", int price = 10) {
  return {auction, std::move(bidder), price, timestamp{std::chrono::seconds(second)}};
}

const auto time_of = [](const bid& b) { return b.at; };
const auto auction_of = [](const bid& b) { return b.auction; };
const auto bidder_of = [](const bid& b) { return b.bidder; };

/// "0: 1 2; 1:; 2: 3": batch by batch.
std::string text_of(const auto& batches) {
  std::string text;
  for (const auto& [number, rows] : batches) {
    text += (text.empty() ? "" : "; ") + std::to_string(number) + ":";
    for (const auto& row : rows) stream::append_text(text += " ", row);
  }
  return text;
}

template <class Program>
std::string run_text(const cut_rows<bid>& batches, const Program& program) {
  return text_of(run_batches(batches, {}, program));
}

/// Seconds since 1970 of a window, and what it has.
const auto in_seconds = [](const auto& window) {
  const auto seconds = [](timestamp t) { return t.time_since_epoch() / 1s; };
  return std::tuple(seconds(window.start), seconds(window.end), window.value);
};

template <class Program>
std::string error_of(const Program& program) {
  stream::streaming_context app(options_of({}));
  try {
    program(app.queue_stream(queue_of(cut_rows<bid>{})));
  } catch (const std::invalid_argument& wrong) {
    return wrong.what();
  }
  return "none";
}

}  // namespace

TEST_CASE("a row is late when it is before the watermark that the rows before it have brought") {
  const cut_rows<bid> batches{{at_second(10), at_second(5), at_second(4)}, {at_second(11), at_second(5), at_second(6)}};
  const auto seconds = [](const bid& b) { return b.at.time_since_epoch() / 1s; };
  CHECK(run_text(batches, [&](auto rows) { return rows.event_time(time_of, 5s).map(seconds).late(); }) == "0: 4; 1: 5");
  CHECK(run_text(batches, [&](auto rows) { return rows.event_time(time_of, 5s).map(seconds).rows(); }) ==
        "0: 10 5; 1: 11 6");
}

TEST_CASE("a window closes in the batch whose watermark reaches its end, and the last ones with the last batch") {
  const cut_rows<bid> batches{{at_second(3)}, {at_second(14)}, {at_second(9), at_second(15)}, {at_second(21)}};
  CHECK(run_text(batches, [](auto rows) {
          return rows.event_time(time_of, 5s).tumbling(10s).count().map(in_seconds);
        }) == "0:; 1:; 2: (0,10,2); 3: (10,20,2) (20,30,1)");
}

TEST_CASE("windows start at multiples of the slide since 1970 and the offset, also before 1970") {
  const cut_rows<bid> batches{{at_second(-1), at_second(0), at_second(59)}};
  const auto counts = [&](duration length, duration slide, duration offset) {
    return run_text(batches, [&](auto rows) {
      return rows.event_time(time_of, 1min).sliding(length, slide, offset).count().map(in_seconds);
    });
  };
  CHECK(counts(60s, 60s, 0s) == "0: (-60,0,1) (0,60,2)");
  CHECK(counts(60s, 60s, 59s) == "0: (-1,59,2) (59,119,1)");
  CHECK(counts(60s, 60s, -121s) == "0: (-1,59,2) (59,119,1)");
  CHECK(counts(10s, 30s, 0s) == "0: (0,10,1)");
}

TEST_CASE("times at the ends of time are held there") {
  cut_rows<bid> batches{{at_second(0), at_second(0)}};
  batches[0][0].at = stream::start_of_time;
  batches[0][1].at = stream::end_of_time - duration{1};
  const auto rows_in = [](const auto& given) {
    std::uint64_t sum = 0;
    for (const auto& [number, rows] : given) {
      for (const auto& window : rows) sum += window.value;
    }
    return sum;
  };
  CHECK(rows_in(run_batches(batches, {},
                            [](auto rows) { return rows.event_time(time_of, 1s).tumbling(10s).count(); })) == 2);
  CHECK(rows_in(run_batches(batches, {},
                            [](auto rows) { return rows.event_time(time_of, 1s).session(10s).count(); })) == 2);
}

TEST_CASE("a row between two sessions makes them one") {
  const cut_rows<bid> batches{
      {at_second(0, 1, "ann", 1), at_second(8, 1, "ann", 2)}, {at_second(4, 1, "ann", 4)}, {at_second(30)}};
  const auto prices = [](duration gap) {
    return [gap](auto rows) {
      return rows.event_time(time_of, 10s)
          .map([](const bid& b) { return std::pair(b.bidder, b.price); })
          .session(gap)
          .group_by_key()
          .map(in_seconds);
    };
  };
  CHECK(run_text(batches, prices(5s)) == "0:; 1:; 2: (0,13,(ann,[1, 2, 4])) (30,35,(ann,[10]))");
  CHECK(run_text(batches, prices(4s)) ==
        "0:; 1:; 2: (0,4,(ann,[1])) (4,8,(ann,[4])) (8,12,(ann,[2])) (30,34,(ann,[10]))");
}

TEST_CASE("a key comes twice when the watermark has forgotten it") {
  const cut_rows<bid> batches{{at_second(0, 1), at_second(1, 1), at_second(10, 2)},
                              {at_second(10, 1), at_second(11, 3), at_second(10, 1)}};
  const auto first_rows = [](auto rows) {
    return rows.event_time(time_of, 5s).drop_duplicates(auction_of, 5s).map([](const bid& b) {
      return b.at.time_since_epoch() / 1s;
    });
  };
  CHECK(run_text(batches, first_rows) == "0: 0 10; 1: 11 10");
}

TEST_CASE("an outer row comes when no partner can come any more") {
  const cut_rows<bid> batches{
      {at_second(0, 1, "ann", 1), at_second(3, 2, "ann", 2), at_second(7, 1)}, {at_second(8, 1)}, {}};
  const auto joined = [](auto rows) {
    const auto bids = rows.event_time(time_of, 0s).map([](const bid& b) { return std::pair(b.auction, b.price); });
    return bids.filter([](int, int price) { return price < 10; })
        .left_outer_join_within(bids.filter([](int, int price) { return price == 10; }), {.before = 0s, .after = 7s});
  };
  CHECK(run_text(batches, joined) == "0:; 1: (1,(1,10)); 2: (2,(2,-))");
}

TEST_CASE("questions of Nexmark read as they are asked") {
  const cut_rows<bid> batches{
      {at_second(0, 1, "ann", 5), at_second(1, 2, "bob", 7), at_second(3, 1, "ann", 9), at_second(12, 2, "bob", 3)}};
  // Which auction had most bids in the last ten seconds, every five seconds?
  CHECK(run_text(batches, [](auto rows) {
          return rows.event_time(time_of, 5s)
              .key_by(auction_of)
              .sliding(10s, 5s)
              .count_by_key()
              .map([](const auto& window) { return std::pair(window.value.second, window.value.first); })
              .tumbling(5s)
              .reduce([](const auto& a, const auto& b) { return std::max(a, b); })
              .map(in_seconds);
        }) == "0: (0,5,(2,1)) (5,10,(2,1)) (10,15,(1,2)) (15,20,(1,2))");
  // The highest bid of each ten seconds.
  CHECK(run_text(batches, [](auto rows) {
          return rows.event_time(time_of, 5s)
              .tumbling(10s)
              .reduce([](const bid& a, const bid& b) { return b.price > a.price ? b : a; })
              .map([](const auto& window) { return window.value.price; });
        }) == "0: 9 3");
  // Who has bid, and has been bid against, within the same ten seconds?
  CHECK(run_text(batches, [](auto rows) {
          const auto bids = rows.event_time(time_of, 5s);
          const auto first = bids.key_by(bidder_of).tumbling(10s).count_by_key();
          const auto second = bids.map([](const bid& b) { return std::pair(std::string("ann"), b.price); })
                                  .tumbling(10s)
                                  .reduce_by_key(std::plus<>{});
          const auto by_window = [](const auto& w) {
            return std::pair(std::pair(w.start, w.value.first), w.value.second);
          };
          return first.rows().map(by_window).join(second.rows().map(by_window));
        }) == "0: ((1970-01-01T00:00:00Z,ann),(2,21))");
  // How many bids does each bidder make until a pause of ten seconds?
  CHECK(run_text(batches, [](auto rows) {
          return rows.event_time(time_of, 5s).key_by(bidder_of).session(10s).count_by_key().map(in_seconds);
        }) == "0: (1,11,(bob,1)) (0,13,(ann,2)) (12,22,(bob,1))");
}

TEST_CASE("operators of event time forget what is over") {
  const auto program = [](auto rows) {
    const auto bids = rows.event_time(time_of, 5s);
    const auto keyed = bids.key_by(auction_of);
    const auto count = [](const auto& counted) { return counted.map([](const auto&) { return 1; }).rows(); };
    return count(keyed.sliding(10s, 4s).count_by_key())
        .union_with(count(keyed.session(3s).count_by_key()), count(bids.drop_duplicates(auction_of, 10s)),
                    count(keyed.full_outer_join_within(keyed, {.before = 4s, .after = 2s})));
  };
  program_by_hand<bid, decltype(program)> by_hand({.threads = 2}, program);
  std::uint64_t rows_max = 0;
  for (int i = 0; i < 200; ++i) {
    std::vector<bid> batch;
    for (int j = 0; j < 10; ++j) batch.push_back(at_second(i * 10 + j, i * 10 + j));
    by_hand.run(batch, static_cast<std::uint64_t>(i), i == 199);
    if (i < 199) rows_max = std::max(rows_max, by_hand.state().rows);
  }
  CHECK(rows_max < 200);
  CHECK(by_hand.state().rows <= 20);  // keys of duplicates: the times of rows decide about them, and they end nowhere
}

TEST_CASE("state that has no codec cannot be saved") {
  struct opaque {
    explicit opaque(int) {}
  };
  stream::streaming_context app(options_of({}));
  const auto bids = app.queue_stream(queue_of(cut_rows<bid>{})).event_time(time_of, 5s);
  const auto& sums = bids.tumbling(1s).combine([](const bid&) { return opaque(1); },
                                               [](const opaque& sum, const bid&) { return sum; });
  CHECK(!sums.pipe().from().can_save());
  CHECK(bids.tumbling(1s).count().pipe().from().can_save());
}

TEST_CASE("arguments of event time that make no sense are refused") {
  CHECK(error_of([](auto rows) { rows.event_time(time_of, -1s); }) == "event_time: a lateness of -1s");
  CHECK(error_of([](auto rows) { rows.window(2s, 2s).event_time(time_of, 1s); }) ==
        "event_time: a stream with rows every 2s only, so that its end might not be seen");
  CHECK(error_of([](auto rows) { rows.event_time(time_of, 1s).tumbling(0s); }) ==
        "tumbling: the length must be longer than nothing, not 0s");
  CHECK(error_of([](auto rows) { rows.event_time(time_of, 1s).sliding(1s, -1s); }) ==
        "sliding: the slide must be longer than nothing, not -1s");
  CHECK(error_of([](auto rows) { rows.event_time(time_of, 1s).session(0s); }) ==
        "session: the gap must be longer than nothing, not 0s");
  CHECK(error_of([](auto rows) { rows.event_time(time_of, 1s).drop_duplicates(auction_of, -2s); }) ==
        "drop_duplicates: within -2s");
  CHECK(error_of([](auto rows) {
          const auto bids = rows.event_time(time_of, 1s).key_by(auction_of);
          bids.join_within(bids, {.before = -3s, .after = 2s});
        }) == "join_within: nothing is between 3s and 2s behind a row");
}

}  // namespace weir::testing
