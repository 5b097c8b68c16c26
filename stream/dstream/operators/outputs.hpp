#pragma once

#include <cstddef>
#include <ostream>
#include <string>

#include "stream/dstream/operators/parts.hpp"
#include "stream/dstream/row_text.hpp"

namespace weir::stream {

/// Prints a batch's time and its first rows, as Spark does.
struct print_rows {
  std::size_t rows_max;
  std::ostream* out;

  template <class T>
  void operator()(const batch_rows<T>& batch) const {
    std::string text = "-------------------------------------------\nTime: ";
    append_rfc3339(text, batch.batch().time);
    text += "\n-------------------------------------------\n";
    std::size_t left = rows_max;
    for (const auto& row : batch) {
      if (left-- == 0) {
        text += "...\n";
        break;
      }
      append_text(text, row);
      text += '\n';
    }
    *out << text << std::endl;
  }
};

/// Writes `text` to a new file: under another name first, so that nobody sees half of it, and the same again after a
/// restart puts the same in its place. Throws std::runtime_error that says which file, and why.
void write_whole_file(const std::string& path, std::string_view text);

/// "PREFIX-1700000000000SUFFIX": a batch's file, by its time in milliseconds (with microseconds where it has some).
std::string batch_file_name(std::string_view prefix, timestamp batch_time, std::string_view suffix);

struct write_text_file {
  std::string prefix;
  std::string suffix;

  template <class T>
  void operator()(const batch_rows<T>& batch) const {
    if (batch.empty()) return;
    std::string text;
    for (const auto& row : batch) {
      append_text(text, row);
      text += '\n';
    }
    write_whole_file(batch_file_name(prefix, batch.batch().time, suffix), text);
  }
};

}  // namespace weir::stream
