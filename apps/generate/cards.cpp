#include "apps/generate/cards.hpp"

#include <array>

#include "apps/generate/planting.hpp"

namespace weir::generate {
namespace {

constexpr std::uint32_t cards = 2'000;
constexpr std::uint32_t frequent_cards = 64;
constexpr std::uint32_t merchants = 500;

constexpr std::uint64_t habit_purpose = 1'001;
constexpr std::uint64_t day_purpose = 1'002;
constexpr std::uint64_t home_purpose = 1'003;

// Where cards are from, and behind them countries where nobody of them goes.
constexpr std::array<std::string_view, 8> countries{"DE", "FR", "NL", "AT", "IT", "BR", "TH", "NG"};
constexpr std::uint8_t home_countries = 5;

std::uint32_t merchant_of(random_bits& bits) { return popular(bits, merchants, 8); }

// What the card's owner usually pays: the same on every day and for every seed.
std::int64_t usual_cents(std::uint32_t card) {
  auto habit = bits_for(0, habit_purpose, card);
  return 1'500 + habit.below(4'000);
}

std::int64_t ordinary_cents(random_bits& bits, std::uint32_t card) {
  return std::max<std::int64_t>(100, log_normal(bits, usual_cents(card), 50));
}

std::uint8_t home_of(std::uint32_t card) {
  auto home = bits_for(0, home_purpose, card);
  return static_cast<std::uint8_t>(popular(home, home_countries, 2));
}

// Now and then somebody is abroad, or short of money.
card_payment ordinary(random_bits& bits, std::uint64_t day) {
  card_payment p{.at_ms = midnight_ms(day) + time_of_day(bits)};
  p.card = popular(bits, cards, frequent_cards);
  p.merchant = merchant_of(bits);
  p.cents = ordinary_cents(bits, p.card);
  if (bits.percent(1)) p.country = static_cast<std::uint8_t>(bits.below(home_countries));
  p.approved = !bits.percent(2);
  return p;
}

void plant_card_testing(planted_case<card_payment>& c) {
  const std::uint32_t card = c.bits.below(cards);
  const std::uint32_t merchant = merchant_of(c.bits);
  c.add(0, {.card = card, .merchant = merchant, .cents = c.bits.between(1, 99)});
  c.add(c.bits.between(10 * second_ms, 55 * second_ms),
        {.card = card, .merchant = (merchant + 1) % merchants, .cents = c.bits.between(50'001, 90'000)});
}

void plant_velocity(planted_case<card_payment>& c) {
  const std::uint32_t card = c.bits.below(cards);
  const auto payments = static_cast<std::uint32_t>(c.bits.between(5, 9));
  spread(c.bits, payments, 4 * minute_ms, [&](std::uint32_t, std::int64_t offset_ms) {
    c.add(offset_ms, {.card = card, .merchant = merchant_of(c.bits), .cents = ordinary_cents(c.bits, card)});
  });
}

// On a card that is used often, so that there is something to be unusual against.
void plant_unusual_amount(planted_case<card_payment>& c) {
  const std::uint32_t card = c.bits.below(frequent_cards);
  c.add(0, {.card = card, .merchant = merchant_of(c.bits), .cents = usual_cents(card) * c.bits.between(8, 15)});
}

// One terminal or shop where a list of stolen numbers is tried.
void plant_testing_point(planted_case<card_payment>& c) {
  const std::uint32_t merchant = merchants - 1 - c.bits.below(merchants / 2);
  const std::uint32_t first = c.bits.below(cards);
  const auto tried = static_cast<std::uint32_t>(c.bits.between(6, 12));
  spread(c.bits, tried, 8 * minute_ms, [&](std::uint32_t i, std::int64_t offset_ms) {
    c.add(offset_ms, {.card = (first + i * 37) % cards, .merchant = merchant, .cents = c.bits.between(1, 99)});
  });
}

void plant_new_country(planted_case<card_payment>& c) {
  const auto far = static_cast<std::uint32_t>(countries.size()) - home_countries;
  c.add(0, {.card = c.bits.below(cards),
            .merchant = merchant_of(c.bits),
            .cents = c.bits.between(25'000, 90'000),
            .country = static_cast<std::uint8_t>(home_countries + c.bits.below(far))});
}

void plant_declined_then_approved(planted_case<card_payment>& c) {
  const std::uint32_t card = c.bits.below(cards);
  const std::uint32_t merchant = merchant_of(c.bits);
  const auto declined = static_cast<std::uint32_t>(c.bits.between(5, 9));
  spread(c.bits, declined, 8 * minute_ms, [&](std::uint32_t, std::int64_t offset_ms) {
    c.add(offset_ms, {.card = card, .merchant = merchant, .cents = c.bits.between(5'000, 40'000), .approved = false});
  });
  c.add(9 * minute_ms, {.card = card, .merchant = merchant, .cents = c.bits.between(1'000, 4'000)});
}

constexpr std::array<case_kind<card_payment>, 6> kinds{{
    {typology::card_testing, plant_card_testing},
    {typology::velocity, plant_velocity},
    {typology::unusual_amount, plant_unusual_amount},
    {typology::testing_point, plant_testing_point},
    {typology::new_country, plant_new_country},
    {typology::declined_then_approved, plant_declined_then_approved},
}};
constexpr std::array<std::uint64_t, 2> days_back{0, 1};

}  // namespace

std::vector<card_payment> card_payments_of_day(std::uint64_t seed, std::uint64_t day) {
  auto payments = planted_on<card_payment>(kinds, days_back, seed, day);
  assert(payments.size() < card_payments_a_day);
  auto bits = bits_for(seed, day_purpose, day);
  while (payments.size() < card_payments_a_day) payments.push_back(ordinary(bits, day));
  number_by_time(payments, day * card_payments_a_day);
  return payments;
}

void append_line(std::string& out, const card_payment& p, line_format format) {
  line_builder line(out, format);
  line.number("at", static_cast<std::uint64_t>(p.at_ms));
  line.text("id", {}, p.id);
  line.text("card", {}, p.card);
  line.text("merchant", {}, p.merchant);
  line.cents("amount", p.cents);
  line.text("country", countries[p.country.value_or(home_of(p.card))]);
  line.boolean("approved", p.approved);
  line.end();
}

}  // namespace weir::generate
