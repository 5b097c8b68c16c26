#pragma once

#include <cstddef>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <utility>

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

/// One part of a batch's rows: a range of const T&.
template <class T>
struct batch_part {
  std::span<const T> rows;
  std::size_t number = 0;  // of the part, from 0
  batch_info batch{};

  auto begin() const { return rows.begin(); }
  auto end() const { return rows.end(); }
};

/// Calls f for each part that has rows, side by side.
template <class F>
struct put_out_parts {
  batch_workers* workers;
  F f;

  template <class T>
  void operator()(const batch_rows<T>& batch) const {
    const auto& parts = batch.parts();
    workers->run(parts.parts(), [&](std::size_t part) {
      if (!parts[part].empty()) put_out(f, batch_part<T>{parts[part], part, batch.batch()});
    });
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

struct write_object_file {
  std::string prefix;
  std::string suffix;

  template <class T>
  void operator()(const batch_rows<T>& batch) const {
    if (batch.empty()) return;
    const row_vector<T> rows(batch.begin(), batch.end());
    write_whole_file(batch_file_name(prefix, batch.batch().time, suffix), encoded(rows));
  }
};

}  // namespace weir::stream
