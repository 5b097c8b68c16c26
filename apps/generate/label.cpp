#include "apps/generate/label.hpp"

#include "apps/generate/lines.hpp"

namespace weir::generate {

std::string_view name_of(typology kind) {
  switch (kind) {
    case typology::none: return "none";
    case typology::card_testing: return "card_testing";
    case typology::velocity: return "velocity";
    case typology::unusual_amount: return "unusual_amount";
    case typology::testing_point: return "testing_point";
    case typology::structuring: return "structuring";
    case typology::rapid_transfers: return "rapid_transfers";
    case typology::pass_through: return "pass_through";
    case typology::fan_out: return "fan_out";
    case typology::fan_in: return "fan_in";
    case typology::account_probing: return "account_probing";
    case typology::crypto_cash_out: return "crypto_cash_out";
    case typology::dormant_account: return "dormant_account";
    case typology::ring: return "ring";
    case typology::scatter_gather: return "scatter_gather";
    case typology::password_guessing: return "password_guessing";
    case typology::unconfirmed_login: return "unconfirmed_login";
    case typology::impossible_travel: return "impossible_travel";
    case typology::account_takeover: return "account_takeover";
    case typology::contact_change_cash_out: return "contact_change_cash_out";
    case typology::shared_device: return "shared_device";
    case typology::cash_total: return "cash_total";
    case typology::cash_out_total: return "cash_out_total";
    case typology::pass_through_in_parts: return "pass_through_in_parts";
    case typology::turnover_jump: return "turnover_jump";
    case typology::new_country: return "new_country";
    case typology::declined_then_approved: return "declined_then_approved";
  }
  return "none";
}

void append_label(std::string& out, std::uint64_t event_id, const label& l) {
  append_number(out, event_id);
  out += ',';
  append_number(out, l.case_number);
  out += ',';
  out += name_of(l.kind);
  out += '\n';
}

}  // namespace weir::generate
