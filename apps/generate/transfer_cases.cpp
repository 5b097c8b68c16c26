#include "apps/generate/transfer_cases.hpp"

#include <array>

namespace weir::generate {
namespace {

constexpr std::uint32_t first_sleeper = 10'000;

// One to one on [0, 99'991), a prime.
constexpr std::uint32_t scatter(std::uint32_t n) {
  return 100'000 + static_cast<std::uint32_t>(std::uint64_t{n} * 48'271 % 99'991);
}

// People, the i-th other than the first; different ones for different i.
struct circle {
  std::uint32_t centre;
  std::uint32_t turn;

  explicit circle(random_bits& bits, std::uint32_t centres = bank_people)
      : centre(bits.below(centres)), turn(bits.below(bank_people - 1)) {}
  std::uint32_t account() const { return account_of_person(centre); }
  std::uint32_t other(std::uint32_t i) const {
    return account_of_person((centre + 1 + (turn + i * 37) % (bank_people - 1)) % bank_people);
  }
};

transfer between_accounts(std::uint32_t from, std::uint32_t to, std::int64_t cents) {
  return {.kind = transfer_kind::transfer, .from = from, .to = to, .cents = cents};
}

transfer into_crypto(random_bits& bits, std::uint32_t from, std::int64_t cents) {
  const std::uint32_t exchange = bank_businesses - 1 - bits.below(bank_exchanges);
  return {.kind = transfer_kind::crypto, .from = from, .to = account_of_business(exchange), .cents = cents};
}

void plant_structuring(planted_case<transfer>& c) {
  const std::uint32_t account = account_of_person(c.bits.below(bank_people));
  const auto deposits = static_cast<std::uint32_t>(c.bits.between(3, 6));
  spread(c.bits, deposits, 20 * hour_ms, [&](std::uint32_t, std::int64_t offset_ms) {
    c.add(offset_ms, {.kind = transfer_kind::deposit, .to = account, .cents = c.bits.between(800'000, 999'999)});
  });
}

void plant_rapid_transfers(planted_case<transfer>& c) {
  const circle people(c.bits);
  const auto transfers = static_cast<std::uint32_t>(c.bits.between(10, 14));
  spread(c.bits, transfers, 4 * minute_ms, [&](std::uint32_t i, std::int64_t offset_ms) {
    c.add(offset_ms, between_accounts(people.account(), people.other(i), c.bits.between(110'000, 200'000)));
  });
}

void plant_pass_through(planted_case<transfer>& c) {
  const circle people(c.bits);
  const std::int64_t cents = c.bits.between(200'000, 2'000'000);
  c.add(0, between_accounts(people.other(0), people.account(), cents));
  c.add(c.bits.between(5 * minute_ms, 230 * minute_ms),
        between_accounts(people.account(), people.other(1), cents * c.bits.between(955, 999) / 1'000));
}

void plant_fan_out(planted_case<transfer>& c) {
  const circle people(c.bits);
  const auto receivers = static_cast<std::uint32_t>(c.bits.between(6, 12));
  spread(c.bits, receivers, 50 * minute_ms, [&](std::uint32_t i, std::int64_t offset_ms) {
    c.add(offset_ms, between_accounts(people.account(), people.other(i), c.bits.between(2'000, 9'000)));
  });
}

void plant_fan_in(planted_case<transfer>& c) {
  const circle people(c.bits);
  const auto senders = static_cast<std::uint32_t>(c.bits.between(10, 16));
  spread(c.bits, senders, 22 * hour_ms, [&](std::uint32_t i, std::int64_t offset_ms) {
    c.add(offset_ms, between_accounts(people.other(i), people.account(), c.bits.between(10'000, 90'000)));
  });
}

void plant_account_probing(planted_case<transfer>& c) {
  const circle people(c.bits);
  const auto receipts = static_cast<std::uint32_t>(c.bits.between(3, 5));
  spread(c.bits, receipts, 20 * hour_ms, [&](std::uint32_t i, std::int64_t offset_ms) {
    c.add(offset_ms, between_accounts(people.other(i), people.account(), c.bits.between(1, 99)));
  });
}

void plant_crypto_cash_out(planted_case<transfer>& c) {
  const circle people(c.bits);
  const std::int64_t cents = c.bits.between(500'000, 3'000'000);
  c.add(0, between_accounts(people.other(0), people.account(), cents));
  c.add(c.bits.between(30 * second_ms, 570 * second_ms),
        into_crypto(c.bits, people.account(), cents * c.bits.between(600, 940) / 1'000));
}

// Two small payments, then nothing for `dormant_days`, then a large one: only the last is the case.
void plant_dormant_account(planted_case<transfer>& c) {
  const circle people(c.bits);
  const std::uint32_t sleeper = account_of_sleeper(c.day);
  c.add_ordinary(0, between_accounts(sleeper, people.other(0), c.bits.between(1'000, 9'000)));
  c.add_ordinary(minute_ms, between_accounts(sleeper, people.other(1), c.bits.between(1'000, 9'000)));
  c.add(static_cast<std::int64_t>(dormant_days) * day_ms + 2 * minute_ms,
        between_accounts(sleeper, people.other(2), c.bits.between(120'000, 900'000)));
}

void plant_ring(planted_case<transfer>& c) {
  const circle people(c.bits);
  const auto length = static_cast<std::uint32_t>(c.bits.between(3, 6));
  std::int64_t cents = c.bits.between(300'000, 1'200'000);
  std::int64_t offset_ms = 0;
  for (std::uint32_t i = 0; i < length; ++i) {
    const std::uint32_t from = i == 0 ? people.account() : people.other(i - 1);
    const std::uint32_t to = i + 1 == length ? people.account() : people.other(i);
    c.add(offset_ms, between_accounts(from, to, cents));
    cents = cents * c.bits.between(970, 990) / 1'000;
    offset_ms += c.bits.between(hour_ms, 12 * hour_ms);
  }
}

void plant_scatter_gather(planted_case<transfer>& c) {
  const circle people(c.bits);
  const auto middlemen = static_cast<std::uint32_t>(c.bits.between(4, 7));
  const std::uint32_t sink = people.other(middlemen);
  for (std::uint32_t i = 0; i < middlemen; ++i) {
    const std::int64_t cents = c.bits.between(200'000, 400'000);
    c.add(c.bits.between(0, 12 * hour_ms), between_accounts(people.account(), people.other(i), cents));
    c.add(c.bits.between(17 * hour_ms, 30 * hour_ms),
          between_accounts(people.other(i), sink, cents * c.bits.between(960, 990) / 1'000));
  }
}

// A second time on the day of the case's beginning, some hours from it.
std::int64_t same_day(planted_case<transfer>& c) {
  const auto hours_ms = c.bits.between(10 * minute_ms, 6 * hour_ms);
  return c.start_ms - midnight_ms(c.day) < day_ms / 2 ? hours_ms : -hours_ms;
}

// Each part stays below what structuring looks for.
void plant_cash_total(planted_case<transfer>& c) {
  const std::uint32_t account = account_of_person(c.bits.below(bank_people));
  c.add(0, {.kind = transfer_kind::deposit, .to = account, .cents = c.bits.between(520'000, 790'000)});
  c.add(same_day(c), {.kind = transfer_kind::deposit, .to = account, .cents = c.bits.between(520'000, 790'000)});
}

void plant_cash_out_total(planted_case<transfer>& c) {
  const std::uint32_t account = account_of_person(c.bits.below(bank_people));
  c.add(0, {.kind = transfer_kind::withdrawal, .from = account, .cents = c.bits.between(520'000, 900'000)});
  c.add(same_day(c), {.kind = transfer_kind::withdrawal, .from = account, .cents = c.bits.between(520'000, 900'000)});
}

void plant_pass_through_in_parts(planted_case<transfer>& c) {
  const circle people(c.bits);
  const std::int64_t cents = c.bits.between(200'000, 2'000'000);
  c.add(0, between_accounts(people.other(0), people.account(), cents));
  for (std::uint32_t i = 1; i <= 3; ++i) {
    c.add(i * 13 * hour_ms + c.bits.between(0, 8 * hour_ms),
          between_accounts(people.account(), people.other(i), cents * c.bits.between(280, 320) / 1'000));
  }
}

// Of somebody who pays often, so that there is a habit to leave.
void plant_turnover_jump(planted_case<transfer>& c) {
  const circle people(c.bits, frequent_people);
  spread(c.bits, 4, 20 * hour_ms, [&](std::uint32_t, std::int64_t offset_ms) {
    c.add(offset_ms, between_accounts(people.account(), people.other(0), c.bits.between(600'000, 900'000)));
  });
}

constexpr std::array<case_kind<transfer>, 14> kinds{{
    {typology::structuring, plant_structuring},
    {typology::rapid_transfers, plant_rapid_transfers},
    {typology::pass_through, plant_pass_through},
    {typology::fan_out, plant_fan_out},
    {typology::fan_in, plant_fan_in},
    {typology::account_probing, plant_account_probing},
    {typology::crypto_cash_out, plant_crypto_cash_out},
    {typology::dormant_account, plant_dormant_account},
    {typology::ring, plant_ring},
    {typology::scatter_gather, plant_scatter_gather},
    {typology::cash_total, plant_cash_total},
    {typology::cash_out_total, plant_cash_out_total},
    {typology::pass_through_in_parts, plant_pass_through_in_parts},
    {typology::turnover_jump, plant_turnover_jump},
}};

}  // namespace

std::uint32_t account_of_person(std::uint32_t n) { return scatter(n); }
std::uint32_t account_of_business(std::uint32_t n) { return scatter(bank_people + n); }
std::uint32_t account_of_sleeper(std::uint64_t day) {
  return scatter(first_sleeper + static_cast<std::uint32_t>(day % (99'991 - first_sleeper)));
}

std::span<const case_kind<transfer>> transfer_case_kinds() { return kinds; }

}  // namespace weir::generate
