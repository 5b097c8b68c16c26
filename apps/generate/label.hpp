#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace weir::generate {

/// The kinds of planted fraud. The names are those of the rules in rules/packs that look for them.
enum class typology : std::uint8_t {
  none,
  card_testing,
  velocity,
  unusual_amount,
  testing_point,
  structuring,
  rapid_transfers,
  pass_through,
  fan_out,
  fan_in,
  account_probing,
  crypto_cash_out,
  dormant_account,
  ring,
  scatter_gather,
  password_guessing,
  unconfirmed_login,
  impossible_travel,
  account_takeover,
  contact_change_cash_out,
  shared_device,
  // The number of a kind decides what is drawn for it, so new ones stand at the end.
  cash_total,
  cash_out_total,
  pass_through_in_parts,
  turnover_jump,
  new_country,
  declined_then_approved,
};

std::string_view name_of(typology kind);

/// What an event is part of: a planted case, or nothing (`typology::none`).
struct label {
  typology kind = typology::none;
  std::uint64_t case_number = 0;  // of this kind of stream; its day times 100, and a count

  friend bool operator==(const label&, const label&) = default;
};

/// The first line of a label file.
inline constexpr std::string_view label_header = "id,case,typology\n";

/// Appends the line of one planted event: "18273,9101,structuring".
void append_label(std::string& out, std::uint64_t event_id, const label& l);

}  // namespace weir::generate
