#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "stream/dstream/text_rows.hpp"

namespace weir::stream::tcp {

/// What the bytes of a connection hold next.
struct next_record {
  enum class kind : std::uint8_t { whole, unfinished, too_long };

  kind found = kind::unfinished;
  std::size_t fresh_bytes = 0;  // of a whole record: so many of the fresh bytes are its last ones
};

/// Records are lines, ended by LF or CRLF; the last one needs no end when the sender closes.
struct text_lines {
  static constexpr std::string_view name = "line";
  static constexpr bool goes_on_behind_too_long = true;
  static constexpr bool whole_at_end = true;

  /// Looks for the end of the record whose first bytes, if any, are `begun`, and the next ones `fresh`. Its content may
  /// have `bytes_max` bytes.
  static next_record find(std::string_view begun, std::string_view fresh, std::size_t bytes_max) {
    const std::size_t end = fresh.find('\n');
    const std::string_view looked_at = fresh.substr(0, end);
    const char last = looked_at.empty() ? (begun.empty() ? '\0' : begun.back()) : looked_at.back();
    const std::size_t content_bytes = begun.size() + looked_at.size() - (last == '\r' ? 1 : 0);
    if (content_bytes > bytes_max) return {next_record::kind::too_long};
    if (end == std::string_view::npos) return {};
    return {next_record::kind::whole, end + 1};
  }
  static std::string_view content(std::string_view record) { return without_line_end(record); }
};

/// Records are frames: a length of four bytes, the highest first, and so many bytes.
struct length_prefixed {
  static constexpr std::string_view name = "frame";
  static constexpr bool goes_on_behind_too_long = false;  // a length that is wrong tells nothing of the next one
  static constexpr bool whole_at_end = false;
  static constexpr std::size_t prefix_bytes = 4;

  static next_record find(std::string_view begun, std::string_view fresh, std::size_t bytes_max) {
    const std::size_t there = begun.size() + fresh.size();
    if (there < prefix_bytes) return {};
    std::size_t length = 0;
    for (std::size_t i = 0; i < prefix_bytes; ++i) {
      const char byte = i < begun.size() ? begun[i] : fresh[i - begun.size()];
      length = length << 8 | static_cast<unsigned char>(byte);
    }
    if (length > bytes_max) return {next_record::kind::too_long};
    if (there < prefix_bytes + length) return {};
    return {next_record::kind::whole, prefix_bytes + length - begun.size()};
  }
  static std::string_view content(std::string_view record) { return record.substr(prefix_bytes); }
};

}  // namespace weir::stream::tcp
