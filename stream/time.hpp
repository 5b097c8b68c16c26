#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace weir::stream {

/// Time as Weir keeps it: whole microseconds. Event time only; nothing below `apps/` reads a clock.
using duration = std::chrono::duration<std::int64_t, std::micro>;
using timestamp = std::chrono::time_point<std::chrono::system_clock, duration>;

inline constexpr timestamp start_of_time = timestamp::min();
inline constexpr timestamp end_of_time = timestamp::max();

/// `t + d`, held at the ends of time instead of overflowing.
inline timestamp saturating_add(timestamp t, duration d) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(t.time_since_epoch().count(), d.count(), &sum)) {
    return d < duration::zero() ? start_of_time : end_of_time;
  }
  return timestamp{duration{sum}};
}

/// An RFC 3339 date and time ("2024-05-01T12:00:00.25+02:00"); digits beyond microseconds are cut off.
std::optional<timestamp> parse_rfc3339(std::string_view text);

/// "2024-05-01T10:00:00Z", with as many fraction digits (0, 3 or 6) as the time needs.
std::string to_rfc3339(timestamp t);
void append_rfc3339(std::string& out, timestamp t);

/// One or more numbers with unit: "250ms", "5s", "10m", "2h", "7d", "1h30m". `us` is accepted too.
std::optional<duration> parse_duration(std::string_view text);

/// The shortest exact spelling that `parse_duration` reads: "90s" is "1m30s", zero is "0s".
std::string to_text(duration d);

}  // namespace weir::stream
