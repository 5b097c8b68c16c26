#include "apps/generate/transfers.hpp"

#include <array>

#include "apps/generate/transfer_cases.hpp"

namespace weir::generate {
namespace {

constexpr std::uint64_t day_purpose = 2'001;
constexpr std::array<std::uint64_t, 6> days_back{0, 1, 2, 3, dormant_days, dormant_days + 1};

std::uint32_t person(random_bits& bits) { return popular(bits, bank_people, frequent_people); }
std::uint32_t business(random_bits& bits) { return popular(bits, bank_businesses - bank_exchanges, 4); }

// People send money to a few others again and again.
std::uint32_t friend_of(random_bits& bits, std::uint32_t n) { return (n + 1 + bits.below(4) * 211) % bank_people; }

transfer ordinary(random_bits& bits, std::uint64_t day) {
  transfer t{.at_ms = midnight_ms(day) + time_of_day(bits)};
  const std::uint32_t who = person(bits);
  const std::uint32_t account = account_of_person(who);
  const std::uint32_t part = bits.below(100);
  if (part < 55) {
    t.kind = transfer_kind::bill, t.from = account, t.to = account_of_business(business(bits));
    t.cents = log_normal(bits, 4'200, 120);
  } else if (part < 76) {
    t.kind = transfer_kind::transfer, t.from = account, t.to = account_of_person(friend_of(bits, who));
    t.cents = std::max<std::int64_t>(100, log_normal(bits, 6'000, 130));
  } else if (part < 84) {
    t.kind = transfer_kind::salary, t.from = account_of_business(business(bits)), t.to = account;
    t.cents = log_normal(bits, 240'000, 50);
  } else if (part < 93) {
    t.kind = transfer_kind::withdrawal, t.from = account;
    t.cents = 1'000 * std::max<std::int64_t>(2, log_normal(bits, 10, 100));
  } else if (part < 97) {
    t.kind = transfer_kind::deposit, t.to = account;
    t.cents = 1'000 * log_normal(bits, 25, 100);
  } else {
    const std::uint32_t exchange = bank_businesses - 1 - bits.below(bank_exchanges);
    t.kind = transfer_kind::crypto, t.from = account, t.to = account_of_business(exchange);
    t.cents = log_normal(bits, 8'000, 120);
  }
  return t;
}

std::string_view name_of(transfer_kind kind) {
  switch (kind) {
    case transfer_kind::transfer: return "transfer";
    case transfer_kind::bill: return "bill";
    case transfer_kind::salary: return "salary";
    case transfer_kind::deposit: return "deposit";
    case transfer_kind::withdrawal: return "withdrawal";
    case transfer_kind::crypto: return "crypto";
  }
  return {};
}

void append_account(line_builder& line, std::string_view name, std::optional<std::uint32_t> account) {
  if (account) {
    line.text(name, "A", *account);
  } else {
    line.missing();
  }
}

}  // namespace

std::vector<transfer> transfers_of_day(std::uint64_t seed, std::uint64_t day) {
  auto transfers = planted_on<transfer>(transfer_case_kinds(), days_back, seed, day);
  assert(transfers.size() < transfers_a_day);
  auto bits = bits_for(seed, day_purpose, day);
  while (transfers.size() < transfers_a_day) transfers.push_back(ordinary(bits, day));
  number_by_time(transfers, day * transfers_a_day);
  return transfers;
}

std::vector<transfer> transfers_before_dormancy(std::uint64_t seed, std::uint64_t day) {
  std::vector<transfer> before;
  for (std::uint64_t begun = day - std::min(day, dormant_days); begun < day; ++begun) {
    const auto all = transfers_of_day(seed, begun);
    const std::uint32_t sleeper = account_of_sleeper(begun);
    std::ranges::copy_if(all, std::back_inserter(before),
                         [&](const transfer& t) { return t.from == sleeper && t.mark.kind == typology::none; });
  }
  return before;
}

void append_line(std::string& out, const transfer& t, line_format format) {
  line_builder line(out, format);
  line.number("at", static_cast<std::uint64_t>(t.at_ms));
  line.text("id", {}, t.id);
  line.text("kind", name_of(t.kind));
  append_account(line, "from", t.from);
  append_account(line, "to", t.to);
  line.cents("amount", t.cents);
  line.end();
}

}  // namespace weir::generate
