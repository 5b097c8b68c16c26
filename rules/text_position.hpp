#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace weir::rules {

/// A place in a text as editors count it: lines, and UTF-16 code units in the line, both from zero.
/// Source: Language Server Protocol 3.17, `Position` with the encoding `utf-16`.
struct text_position {
  std::uint32_t line = 0;
  std::uint32_t character = 0;

  friend auto operator<=>(const text_position&, const text_position&) = default;
};

/// Where the lines of a text begin. Lines end with "\n", "\r\n" or "\r". The text must outlive the table; bytes that
/// are not UTF-8 do no harm.
class line_table {
 public:
  explicit line_table(std::string_view text);

  std::size_t lines() const { return begins_.size(); }

  /// The line without its end.
  std::string_view line(std::size_t index) const;

  /// Where byte `offset` stands; the end of the text where it is beyond that. Inside a line's end: before it.
  text_position position_of(std::size_t offset) const;

  /// The byte at `position`; the end of its line, or of the text, where it is beyond that.
  std::size_t offset_of(text_position position) const;

 private:
  std::string_view text_;
  std::vector<std::size_t> begins_;
};

}  // namespace weir::rules
