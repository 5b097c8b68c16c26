#pragma once

#include <cstdint>
#include <string>

#include "cep/match.hpp"
#include "rules/program.hpp"
#include "stream/event_log.hpp"

namespace weir::rules {

/// What an alert is written from: a match and the rule, names and events behind it. All references outlive the call.
struct alert_context {
  const rule& cause;
  const program& rules;
  const stream::symbols& names;
  const stream::event_log& log;
  const std::vector<std::string>& source_names;  // by source_id: what an event without an `id` is named after
};

/// 32 hex digits: XXH3-128 of (rule, version, subject, the matched events' ids), so that a replay gives the same id.
/// An event without an `id` field, or without a value in it, is named "source:position".
std::string alert_id(const cep::match& m, const alert_context& context);

/// Appends the alert as one line of JSON, without the line's end. Fields as docs/language.md lists them; money and
/// decimals are numbers in full digits, times are RFC 3339.
void append_json(std::string& out, const cep::match& m, const alert_context& context, std::uint64_t seq,
                 stream::timestamp detected);

}  // namespace weir::rules
