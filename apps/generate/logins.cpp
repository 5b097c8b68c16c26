#include "apps/generate/logins.hpp"

#include <array>

#include "apps/generate/login_cases.hpp"

namespace weir::generate {
namespace {

constexpr std::uint64_t day_purpose = 3'002;
constexpr std::uint64_t journey_purpose = 3'003;
constexpr std::array<std::uint64_t, 3> days_back{0, 1, 2};

// Where logins from a country come from, in hundredths of a degree north and east.
struct place {
  std::string_view country;
  std::int64_t latitude;
  std::int64_t longitude;
};
constexpr std::array<place, access_countries + far_countries> places{{
    {"DE", 52'52, 13'41},
    {"FR", 48'86, 2'35},
    {"NL", 52'37, 4'90},
    {"AT", 48'21, 16'37},
    {"IT", 45'46, 9'19},
    {"ES", 41'39, 2'17},
    {"PL", 52'23, 21'01},
    {"SE", 59'33, 18'07},
    {"GB", 52'20, 12},
    {"CH", 47'37, 8'54},
    {"SG", 1'35, 103'82},
    {"JP", 35'68, 139'69},
    {"IN", 28'61, 77'21},
    {"AE", 25'20, 55'27},
}};

// One user in fifty spends a day abroad.
std::uint8_t whereabouts(std::uint64_t seed, std::uint32_t user, std::uint64_t day) {
  auto bits = bits_for(seed, journey_purpose, day * bank_users + user);
  return bits.percent(2) ? static_cast<std::uint8_t>(bits.below(access_countries)) : home_of(user);
}

// One visit of a user to the site, from the login on.
class visit {
 public:
  visit(random_bits& bits, std::uint64_t seed, std::uint64_t day)
      : bits_(bits), user_(popular(bits, bank_users, 64)), country_(whereabouts(seed, user_, day)) {
    // It ends before midnight, so that a day stands by itself.
    at_ms_ = midnight_ms(day) + std::min(time_of_day(bits), day_ms - 30 * minute_ms);
    device_ = own_device(user_, bits_.percent(15) ? 1 : 0);
    come_in();
    go_about();
  }

  const std::vector<access>& events() const { return events_; }

 private:
  void come_in() {
    if (bits_.percent(2)) {
      add({.kind = access_kind::password_reset}, 20, 180);
    } else if (bits_.percent(8)) {
      for (std::uint32_t wrong = 1 + bits_.below(2); wrong > 0; --wrong) {
        add({.kind = access_kind::login, .ok = false, .device = device_, .country = country_}, 3, 25);
      }
    }
    add({.kind = access_kind::login, .device = device_, .country = country_}, 3, 20);
    add({.kind = access_kind::confirm}, 20, 200);
  }

  void go_about() {
    if (bits_.percent(1)) {
      device_ = own_device(user_, 2 + bits_.below(2));
      add({.kind = access_kind::new_device, .device = device_}, 20, 120);
    }
    if (bits_.percent(1)) add({.kind = access_kind::contact_change}, 20, 120);
    if (bits_.percent(30)) {
      add({.kind = access_kind::withdrawal, .cents = std::max<std::int64_t>(500, log_normal(bits_, 7'000, 110))}, 0, 0);
    }
  }

  // The event now, the next one between so many seconds later.
  void add(access a, std::int64_t least_seconds, std::int64_t most_seconds) {
    a.user = user_;
    a.at_ms = at_ms_;
    events_.push_back(a);
    at_ms_ += bits_.between(least_seconds * second_ms, most_seconds * second_ms);
  }

  random_bits& bits_;
  std::uint32_t user_;
  std::uint8_t country_;
  std::uint32_t device_ = 0;
  std::int64_t at_ms_ = 0;
  std::vector<access> events_;
};

// What fills a day up when no whole visit fits: a password mistyped, and given up.
access mistyped(random_bits& bits, std::uint64_t day) {
  const std::uint32_t user = bits.below(bank_users);
  return {.at_ms = midnight_ms(day) + time_of_day(bits),
          .user = user,
          .ok = false,
          .device = own_device(user, 0),
          .country = home_of(user)};
}

std::string_view name_of(access_kind kind) {
  switch (kind) {
    case access_kind::login: return "login";
    case access_kind::confirm: return "confirm";
    case access_kind::password_reset: return "password_reset";
    case access_kind::new_device: return "new_device";
    case access_kind::contact_change: return "contact_change";
    case access_kind::withdrawal: return "withdrawal";
  }
  return {};
}

void append_place(line_builder& line, const access& a) {
  if (a.country) {
    const auto& from = places[*a.country];
    line.text("country", from.country);
    line.cents("lat", from.latitude);
    line.cents("lon", from.longitude);
  } else {
    for (int i = 0; i < 3; ++i) line.missing();
  }
}

}  // namespace

std::vector<access> accesses_of_day(std::uint64_t seed, std::uint64_t day) {
  auto events = planted_on<access>(login_case_kinds(), days_back, seed, day);
  assert(events.size() < accesses_a_day);
  auto bits = bits_for(seed, day_purpose, day);
  while (true) {
    const visit next(bits, seed, day);
    if (events.size() + next.events().size() > accesses_a_day) break;
    events.insert(events.end(), next.events().begin(), next.events().end());
  }
  while (events.size() < accesses_a_day) events.push_back(mistyped(bits, day));
  number_by_time(events, day * accesses_a_day);
  return events;
}

void append_line(std::string& out, const access& a, line_format format) {
  const bool login = a.kind == access_kind::login;
  line_builder line(out, format);
  line.text("event", name_of(a.kind));
  line.number("at", static_cast<std::uint64_t>(a.at_ms));
  line.text("id", {}, a.id);
  line.text("user", "U", a.user);
  if (login)
    line.boolean("ok", a.ok);
  else
    line.missing();
  if (a.device)
    line.text("device", "D", *a.device);
  else
    line.missing();
  append_place(line, a);
  if (a.kind == access_kind::withdrawal)
    line.cents("amount", a.cents);
  else
    line.missing();
  line.end();
}

}  // namespace weir::generate
