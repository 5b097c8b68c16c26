#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

#include "stream/time.hpp"
#include "tests/bench/nexmark/events.hpp"

namespace weir::bench::nexmark {

/// What Apache Beam's and Flink's suites let one choose; the defaults are theirs (NexmarkConfiguration).
struct generator_options {
  std::uint64_t seed = 42;
  stream::timestamp first_at = std::chrono::sys_days{std::chrono::year{2015} / 7 / 15};
  std::uint64_t events_per_second = 10'000;  // of event time; times are cut to milliseconds
  // Of how many ways to draw an id one is not the hot one: bids go to a hot auction with probability 1 - 1/2.
  std::uint64_t hot_auction_ratio = 2;
  std::uint64_t hot_seller_ratio = 4;
  std::uint64_t hot_bidder_ratio = 4;
  std::uint64_t auctions_in_flight = 100;
  std::uint64_t active_people = 1'000;
  // Events come in groups of so many, each group out of order; 1: all are in order. No multiple of 953.
  std::uint64_t out_of_order_group = 1;
};

/// The events of an auction site (Tucker, Tufte, Papadimos, Maier: NEXMark, a benchmark for queries over data streams,
/// 2008), with the proportions and distributions of the suites of Beam and Flink: of 50 events the first is a person,
/// three are auctions and 46 are bids. An event depends on the options and its number only, so that any number of
/// threads can make a stream, each a part.
class generator {
 public:
  explicit generator(const generator_options& options = {});

  /// The event that comes in this place of the stream, counted from 0.
  event operator()(std::uint64_t place) const;

  /// How much earlier an event can be than one before it: the lateness with which none is late.
  stream::duration disorder() const;

 private:
  std::uint64_t number_in(std::uint64_t place) const;
  stream::timestamp time_of(std::uint64_t number) const;

  person person_of(std::uint64_t number) const;
  auction auction_of(std::uint64_t number) const;
  bid bid_of(std::uint64_t number) const;

  generator_options options_;
};

/// The first events of a stream.
std::vector<event> make_events(std::uint64_t count, const generator_options& options = {});

}  // namespace weir::bench::nexmark
