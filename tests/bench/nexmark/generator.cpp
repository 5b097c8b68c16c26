#include "tests/bench/nexmark/generator.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "tests/bench/nexmark/draws.hpp"
#include "tests/bench/nexmark/texts.hpp"

namespace weir::bench::nexmark {

namespace {

constexpr std::uint64_t people_a_round = 1;
constexpr std::uint64_t auctions_a_round = 3;
constexpr std::uint64_t events_a_round = 50;

// Ids start here, so that few events are enough for the queries to find some.
constexpr std::uint64_t first_id = 1'000;
constexpr std::uint64_t first_category = 10;
constexpr std::uint64_t categories = 5;

constexpr std::uint64_t hot_group = 100;   // one of so many in a row is hot
constexpr std::uint64_t id_lead = 10;      // so many ids are used before they exist
constexpr std::uint64_t order_step = 953;  // prime

// How many people, or auctions, there are up to and including an event: at least one.
std::uint64_t people_up_to(std::uint64_t number) { return number / events_a_round + 1; }

std::uint64_t auctions_up_to(std::uint64_t number) {
  const std::uint64_t in_round = std::min(number % events_a_round, auctions_a_round);
  return std::max<std::uint64_t>(number / events_a_round * auctions_a_round + in_round, 1);
}

std::uint64_t first_of_group(std::uint64_t count) { return (count - 1) / hot_group * hot_group; }

// One that exists or soon will, of those that came last.
std::uint64_t recent(std::uint64_t count, std::uint64_t active, draws& random) {
  const std::uint64_t old = count - std::min(count, active);
  return old + random.below(count - old + id_lead);
}

std::int64_t draw_price(draws& random) { return std::llround(std::pow(10.0, random.unit() * 6.0) * 100.0); }

template <class Id>
Id id_of(std::uint64_t index) {
  return static_cast<Id>(first_id + index);
}

}  // namespace

generator::generator(const generator_options& options) : options_(options) {
  assert(options_.out_of_order_group > 0 && options_.out_of_order_group % order_step != 0);
}

event generator::operator()(std::uint64_t place) const {
  const std::uint64_t number = number_in(place);
  const std::uint64_t in_round = number % events_a_round;
  if (in_round < people_a_round) return person_of(number);
  if (in_round < people_a_round + auctions_a_round) return auction_of(number);
  return bid_of(number);
}

stream::duration generator::disorder() const {
  const std::uint64_t between = options_.out_of_order_group - 1;
  if (between == 0) return stream::duration::zero();
  // A millisecond more, since times are cut.
  return std::chrono::milliseconds(between * 1'000 / options_.events_per_second + 1);
}

std::uint64_t generator::number_in(std::uint64_t place) const {
  const std::uint64_t group = options_.out_of_order_group;
  return place / group * group + place % group * order_step % group;
}

stream::timestamp generator::time_of(std::uint64_t number) const {
  const auto since_first = std::chrono::milliseconds(number * 1'000 / options_.events_per_second);
  return options_.first_at + since_first;
}

person generator::person_of(std::uint64_t number) const {
  draws random(options_.seed, number);
  const texts& all = texts::tables();
  person made{.id = id_of<person_id>(people_up_to(number) - 1)};
  made.name = random.one_of(all.names);
  made.email = random.one_of(all.emails);
  made.city = random.one_of(all.cities);
  made.state = random.one_of(all.states);
  made.credit_card = static_cast<std::int64_t>(random.below(10'000'000'000'000'000));
  made.at = time_of(number);
  return made;
}

auction generator::auction_of(std::uint64_t number) const {
  draws random(options_.seed, number);
  const std::uint64_t people = people_up_to(number);
  auction made{.id = id_of<auction_id>(auctions_up_to(number) - 1)};
  made.item_name = random.one_of(texts::tables().items);
  made.initial_bid = draw_price(random);
  made.reserve = made.initial_bid + draw_price(random);
  made.at = time_of(number);
  // On average until as many others have come as are in flight.
  const auto horizon = time_of(number + options_.auctions_in_flight * events_a_round / auctions_a_round) - made.at;
  const auto longest_ms = std::max<std::int64_t>(2 * horizon / std::chrono::milliseconds(1), 1);
  made.expires = made.at + std::chrono::milliseconds(1 + random.below(static_cast<std::uint64_t>(longest_ms)));
  const bool hot = random.below(options_.hot_seller_ratio) > 0;
  made.seller = id_of<person_id>(hot ? first_of_group(people) : recent(people, options_.active_people, random));
  made.category = static_cast<std::int64_t>(first_category + random.below(categories));
  return made;
}

bid generator::bid_of(std::uint64_t number) const {
  draws random(options_.seed, number);
  const texts& all = texts::tables();
  const std::uint64_t people = people_up_to(number);
  const std::uint64_t auctions = auctions_up_to(number);
  const bool hot_auction = random.below(options_.hot_auction_ratio) > 0;
  const bool hot_bidder = random.below(options_.hot_bidder_ratio) > 0;
  bid made;
  made.auction = id_of<auction_id>(hot_auction ? first_of_group(auctions)
                                               : recent(auctions, options_.auctions_in_flight + 1, random));
  // The second of a group: hot bidders are not hot sellers.
  made.bidder =
      id_of<person_id>(hot_bidder ? first_of_group(people) + 1 : recent(people, options_.active_people, random));
  made.price = draw_price(random);
  made.at = time_of(number);
  const auto& channels = random.below(2) > 0 ? all.hot_channels : all.channels;
  const texts::channel& by = channels[random.below(channels.size())];
  made.channel = by.name;
  made.url = by.url;
  return made;
}

std::vector<event> make_events(std::uint64_t count, const generator_options& options) {
  const generator make(options);
  std::vector<event> all;
  all.reserve(count);
  for (std::uint64_t place = 0; place < count; ++place) all.push_back(make(place));
  return all;
}

}  // namespace weir::bench::nexmark
