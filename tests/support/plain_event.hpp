#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "stream/table.hpp"

namespace weir::testing {

/// A field's value as it was written down. Numbers are in the field's own digits: an int has none, a decimal eight,
/// money its currency's; times and durations are microseconds. `monostate` is a missing value.
using plain_value = std::variant<std::monostate, bool, std::int64_t, double, std::string, stream::ip_address>;

/// An event in its simplest form: what the oracle reads, and what batches and records are built from.
struct plain_event {
  stream::event_type_id type{};
  stream::timestamp at;
  stream::origin from;
  std::vector<plain_value> fields;  // one a field of its type
};

/// Puts events into the stream's order: "Events are ordered by (time, source, position in the source)."
void sort_by_stream_order(std::vector<plain_event>& events);

/// A number times 10^-digits, with all its digits: "-0.50".
std::string number_text(std::int64_t number, int digits);

/// The event as a person reads it: `e1 @ 3.5s (0:17) { acct: A1, amount: 2.50 }`.
std::string to_text(const plain_event& event, const stream::schema& types);

}  // namespace weir::testing
