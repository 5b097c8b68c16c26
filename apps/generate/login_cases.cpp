#include "apps/generate/login_cases.hpp"

#include <array>

namespace weir::generate {
namespace {

constexpr std::uint64_t home_purpose = 3'001;

access login(std::uint32_t user, bool ok, std::uint32_t device, std::uint8_t country) {
  return {.kind = access_kind::login, .user = user, .ok = ok, .device = device, .country = country};
}

access confirm(std::uint32_t user) { return {.kind = access_kind::confirm, .user = user}; }

access withdrawal(std::uint32_t user, std::int64_t cents) {
  return {.kind = access_kind::withdrawal, .user = user, .cents = cents};
}

std::uint8_t far_country(random_bits& bits) {
  return static_cast<std::uint8_t>(access_countries + bits.below(far_countries));
}

// The owner is talked into confirming, so that this is no `unconfirmed_login` as well.
void plant_password_guessing(planted_case<access>& c) {
  const std::uint32_t user = c.bits.below(bank_users);
  const std::uint32_t device = foreign_device(c.bits);
  const auto failures = c.bits.between(5, 12);
  std::int64_t offset_ms = 0;
  for (int i = 0; i < failures; ++i) {
    c.add(offset_ms, login(user, false, device, home_of(user)));
    offset_ms += c.bits.between(2 * second_ms, 60 * second_ms);
  }
  c.add(offset_ms, login(user, true, device, home_of(user)));
  c.add_ordinary(offset_ms + 12 * second_ms, confirm(user));
}

void plant_unconfirmed_login(planted_case<access>& c) {
  const std::uint32_t user = c.bits.below(bank_users);
  c.add(0, login(user, true, foreign_device(c.bits), home_of(user)));
}

void plant_impossible_travel(planted_case<access>& c) {
  const std::uint32_t user = c.bits.below(bank_users);
  const std::uint8_t home = home_of(user);
  const std::int64_t later_ms = c.bits.between(3 * minute_ms, 50 * minute_ms);
  c.add(0, login(user, true, own_device(user, 0), home));
  c.add_ordinary(8 * second_ms, confirm(user));
  c.add(later_ms, login(user, true, foreign_device(c.bits), far_country(c.bits)));
  c.add_ordinary(later_ms + 9 * second_ms, confirm(user));
}

void plant_account_takeover(planted_case<access>& c) {
  const std::uint32_t user = c.bits.below(bank_users);
  const std::uint32_t device = foreign_device(c.bits);
  const std::int64_t enrolled_ms = c.bits.between(30 * second_ms, 4 * minute_ms);
  const std::int64_t login_ms = enrolled_ms + c.bits.between(10 * second_ms, 2 * minute_ms);
  c.add(0, {.kind = access_kind::password_reset, .user = user});
  c.add(enrolled_ms, {.kind = access_kind::new_device, .user = user, .device = device});
  c.add_ordinary(login_ms, login(user, true, device, home_of(user)));
  c.add_ordinary(login_ms + 5 * second_ms, confirm(user));
  c.add(login_ms + c.bits.between(minute_ms, 8 * minute_ms), withdrawal(user, c.bits.between(100'000, 600'000)));
}

void plant_contact_change_cash_out(planted_case<access>& c) {
  const std::uint32_t user = c.bits.below(bank_users);
  const std::int64_t login_ms = c.bits.between(hour_ms, 20 * hour_ms);
  c.add(0, {.kind = access_kind::contact_change, .user = user});
  c.add_ordinary(login_ms, login(user, true, own_device(user, 0), home_of(user)));
  c.add_ordinary(login_ms + 7 * second_ms, confirm(user));
  c.add(login_ms + c.bits.between(minute_ms, hour_ms), withdrawal(user, c.bits.between(100'100, 500'000)));
}

void plant_shared_device(planted_case<access>& c) {
  const std::uint32_t device = foreign_device(c.bits);
  const std::uint32_t first = c.bits.below(bank_users);
  const auto users = static_cast<std::uint32_t>(c.bits.between(5, 8));
  spread(c.bits, users, 20 * hour_ms, [&](std::uint32_t i, std::int64_t offset_ms) {
    const std::uint32_t user = (first + i * 37) % bank_users;
    c.add(offset_ms, login(user, true, device, home_of(user)));
    c.add_ordinary(offset_ms + 6 * second_ms, confirm(user));
  });
}

constexpr std::array<case_kind<access>, 6> kinds{{
    {typology::password_guessing, plant_password_guessing},
    {typology::unconfirmed_login, plant_unconfirmed_login},
    {typology::impossible_travel, plant_impossible_travel},
    {typology::account_takeover, plant_account_takeover},
    {typology::contact_change_cash_out, plant_contact_change_cash_out},
    {typology::shared_device, plant_shared_device},
}};

}  // namespace

std::uint32_t foreign_device(random_bits& bits) { return 100'000 + bits.below(900'000); }

std::uint8_t home_of(std::uint32_t user) {
  auto bits = bits_for(0, home_purpose, user);
  return static_cast<std::uint8_t>(popular(bits, access_countries, 2));
}

std::span<const case_kind<access>> login_case_kinds() { return kinds; }

}  // namespace weir::generate
