#pragma once

#include <cstdint>
#include <string_view>

namespace weir::stream {

/// Finds the line ends that end CSV records (RFC 4180): those outside quotes. A quote opens a quoted field only where a
/// field begins; elsewhere it is a character like any other. Can be stopped after any byte and gone on with.
class csv_scanner {
 public:
  static constexpr std::size_t npos = std::string_view::npos;

  /// Walks on through `bytes` up to the first line end that ends a record, and gives its place; `npos` if none does.
  std::size_t find_end(std::string_view bytes);

  /// Where the first and the last record that end in `bytes` have their line ends; walks through all of `bytes`.
  struct ends {
    std::size_t first = npos;
    std::size_t last = npos;
  };
  ends find_ends(std::string_view bytes);

 private:
  enum class place : std::uint8_t { field_start, plain, quoted, after_quote };

  static place step(place from, char c);

  place place_ = place::field_start;
};

}  // namespace weir::stream
