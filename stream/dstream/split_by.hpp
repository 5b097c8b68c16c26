#pragma once

#include <ranges>
#include <string_view>

namespace weir::stream {

/// A function that cuts a text at each separator: `lines.flat_map(split_by(' '))`. It gives a range of views of the
/// text, which has to stay for as long; they are empty where two separators meet, and an empty text has no piece.
inline auto split_by(char separator) {
  return [separator](std::string_view text) {
    return text | std::views::split(separator) |
           std::views::transform([](auto piece) { return std::string_view(piece.begin(), piece.end()); });
  };
}

}  // namespace weir::stream
