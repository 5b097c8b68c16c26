#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "apps/generate/cards.hpp"
#include "apps/generate/logins.hpp"
#include "apps/generate/payments.hpp"
#include "apps/generate/transfers.hpp"

namespace weir::generate {

/// payments: the reference workload, evenly drawn. cards: the same event as people make it, with planted cases.
enum class stream_kind : std::uint8_t { payments, cards, transfers, logins };

std::string_view name_of(stream_kind kind);
std::optional<stream_kind> find_stream_kind(std::string_view name);
/// Whether cases are planted in this kind of stream.
constexpr bool has_labels(stream_kind kind) { return kind != stream_kind::payments; }
/// Events of a generated day; nothing for payments, which have one a millisecond.
std::optional<std::uint64_t> events_a_day(stream_kind kind);

struct generator_options {
  stream_kind kind = stream_kind::payments;
  std::uint64_t seed = 1;
  std::uint64_t first = 0;    // the number of the first event
  std::int64_t shift_ms = 0;  // added to every time
  line_format format = line_format::ndjson;
  bool name_events = false;  // NDJSON only: each record names its event in the field "event"; logins always do
};

/// The events of a stream one after another, as lines: the same lines for the same options. Never ends. Memory: the
/// events of one day. One thread.
class generator {
 public:
  explicit generator(const generator_options& options);

  /// The first line of a CSV file; nothing for NDJSON.
  std::string_view header() const;

  /// The next event: its number, its time, and the case it is part of.
  std::uint64_t id() const { return next_; }
  std::int64_t at_ms() const;
  const label& mark() const;

  /// Appends the next event's line and steps to the one after.
  void append_line(std::string& out);

 private:
  using day_events =
      std::variant<std::vector<card_payment>, std::vector<transfer>, std::vector<access>>;  // empty for `payments`

  void step_to(std::uint64_t id);

  generator_options options_;
  std::uint64_t next_ = 0;
  std::uint64_t day_ = 0;
  std::size_t place_ = 0;  // of the next event in day_events_
  day_events day_events_;
  payment payment_;  // the next one, for `payments`
};

/// Appends a transfer as NDJSON that names its event.
void append_named_line(std::string& out, const transfer& t);

}  // namespace weir::generate
