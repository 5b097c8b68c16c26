#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stream/block.hpp"

namespace weir::app {

/// Columns that are asked for by name, or by number from 1; whatever is empty is to be found.
struct edge_columns {
  std::string from;
  std::string to;
  std::string at;
  std::string weight;

  friend bool operator==(const edge_columns&, const edge_columns&) = default;
};

/// How a list of edges is written. Without a header its columns are numbered: "1", "2", …
struct edge_list_shape {
  char separator = ',';  // or a tab, or a blank for any run of blanks and tabs
  bool has_header = false;
  bool has_comments = false;  // lines with # or % before the first record
  std::vector<std::string> columns;
  edge_columns used;  // `at` and `weight` are empty where the list has none

  /// What one of `columns` is called before the list's records. A number says so in words: a record that is equal to
  /// the header is taken for another header, and an edge may well be 1,2,3.
  std::string heading(const std::string& column) const { return has_header ? column : "column " + column; }

  friend bool operator==(const edge_list_shape&, const edge_list_shape&) = default;
};

/// The shape of a list by how it begins, which is text up to its first record's end at least. It has a header if that
/// names `wanted` columns (by a name: a number is a column's place), or, where these are open, columns that are called
/// as the two ends of an edge usually are (from, to; source, target; …). Without one, columns that are not said are, in
/// order, from, to, at, weight, as far as there are any. Throws `failure` (usage) when a column that is wanted is not
/// there, or an end of the edges cannot be found. `path` is for messages.
edge_list_shape shape_of(std::string_view text, const edge_columns& wanted, const std::string& path);

/// The first record of a text that is not empty and no comment (# or %), without its line's end.
std::string_view first_record_of(std::string_view text);

/// Makes CSV with a header of the blocks of an edge list, line for line, so that records keep their numbers. Edges of a
/// list without times get time 0, in a column of its own.
class edge_list_rewriter {
 public:
  explicit edge_list_rewriter(edge_list_shape shape) : shape_(std::move(shape)) {}

  static constexpr std::string_view no_time = "(no time)";

  /// True if blocks can stay as they are.
  bool keeps_blocks() const { return shape_.separator == ',' && !shape_.used.at.empty() && !shape_.has_comments; }
  /// What stands before the list where it has no header; else nothing.
  std::optional<stream::block> header() const;
  stream::block rewrite(const stream::block& from);

 private:
  void append_record(std::string_view record, std::string& out);
  void append_fields(std::string_view record, std::string& out) const;

  edge_list_shape shape_;
  bool begun_ = false;       // the first record is behind us
  std::uint64_t bytes_ = 0;  // written so far
};

}  // namespace weir::app
