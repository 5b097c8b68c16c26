#pragma once

#include <cstddef>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stream/dstream/rows.hpp"

namespace weir::stream {

/// A line without its LF or CRLF; a CR that the end of everything has parted from its LF is none of it either.
inline std::string_view without_line_end(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// Rows of text as a source gathers them for one batch, and the memory that they look at. One thread.
class text_rows {
 public:
  /// Holds bytes for the rows to look at; they stay where they are until the batch is done.
  std::string_view keep(std::string bytes) {
    if (!kept_) kept_ = std::make_shared<std::list<std::string>>();
    return kept_->emplace_back(std::move(bytes));
  }
  /// Adds a row that looks at kept bytes, and took `bytes` of the source.
  void add(std::string_view row, std::size_t bytes) {
    rows_.push_back(row);
    bytes_ += bytes;
  }

  std::size_t size() const { return rows_.size(); }
  std::size_t bytes() const { return bytes_; }

  /// Hands all over; then there are none.
  received<std::string_view> take() {
    return {.rows = std::exchange(rows_, {}), .memory = std::exchange(kept_, {}), .bytes = std::exchange(bytes_, 0)};
  }

 private:
  std::vector<std::string_view> rows_;
  // A list, since short texts lie in the string itself; shared, as `received` is.
  std::shared_ptr<std::list<std::string>> kept_;
  std::size_t bytes_ = 0;
};

}  // namespace weir::stream
