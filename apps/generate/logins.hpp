#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "apps/generate/label.hpp"
#include "apps/generate/lines.hpp"

namespace weir::generate {

enum class access_kind : std::uint8_t { login, confirm, password_reset, new_device, contact_change, withdrawal };

/// What a customer does at a bank's site: the events of rules/packs/logins.weir, several types in one stream. Each
/// record names its type in the field "event"; which fields it has depends on the type.
struct access {
  std::int64_t at_ms = 0;
  std::uint64_t id = 0;
  access_kind kind = access_kind::login;
  std::uint32_t user = 0;                 // all
  bool ok = true;                         // login
  std::optional<std::uint32_t> device{};  // login, new_device
  std::optional<std::uint8_t> country{};  // login; an index into the generator's countries, each with one place
  std::int64_t cents = 0;                 // withdrawal
  label mark{};

  friend bool operator==(const access&, const access&) = default;
};

/// What 2,000 users do, from 2024-01-01 on: logins confirmed by a second factor, mistyped passwords, new telephones,
/// journeys abroad; with planted cases of account takeover among them.
inline constexpr std::uint64_t accesses_a_day = 2'000;

/// The events of a day, in the order of time, with ids that count from the first day on.
std::vector<access> accesses_of_day(std::uint64_t seed, std::uint64_t day);

inline constexpr std::string_view access_header = "event,at,id,user,ok,device,country,lat,lon,amount\n";

void append_line(std::string& out, const access& a, line_format format);

}  // namespace weir::generate
