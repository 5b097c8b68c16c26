#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "apps/generate/generator.hpp"

namespace weir::generate {

inline constexpr std::uint64_t bank_events_a_day = card_payments_a_day + transfers_a_day + accesses_a_day;

struct bank_options {
  std::uint64_t seed = 1;
  std::uint64_t first = 0;    // the number of the first event among all
  std::int64_t shift_ms = 0;  // added to every time
};

/// All that happens at a bank: card payments, transfers and what customers do at its site, as one stream in the order
/// of time. NDJSON; every record names its event in the field "event". One thread.
class bank_stream {
 public:
  explicit bank_stream(const bank_options& options);

  /// The time of the next event.
  std::int64_t at_ms() const { return next().at_ms(); }
  /// The case that the next event is part of.
  const label& mark() const { return next().mark(); }
  /// Appends the next event's line and steps to the one after.
  void append_line(std::string& out) { parts_[next_].append_line(out), choose(); }

  /// Appends what a stream that begins here should have seen before: the last transfers of accounts that sleep.
  void append_history(std::string& out) const;

 private:
  const generator& next() const { return parts_[next_]; }
  void choose();

  bank_options options_;
  std::array<generator, 3> parts_;
  std::size_t next_ = 0;
};

}  // namespace weir::generate
