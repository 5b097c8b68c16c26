#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>

#include "stream/descriptor.hpp"
#include "stream/dstream/text_rows.hpp"
#include "stream/file/file_part.hpp"
#include "stream/source.hpp"

namespace weir::stream {

/// How much a batch may take; rows that it has already count.
struct line_limits {
  std::size_t rows_max = std::size_t(-1);
  std::size_t bytes_max = std::size_t(-1);  // passed by less than a block: 1 MiB, or one long line
  std::size_t line_bytes_max = 16 << 20;    // without its end; a longer one is set aside
  std::size_t record_bytes = 0;             // 0: rows are lines; else each is so many bytes

  bool leave_room(const text_rows& taken) const { return taken.size() < rows_max && taken.bytes() < bytes_max; }
};

/// Pieces of input that could not be made rows: how many, by reason.
using aside_counts = std::map<std::string, std::uint64_t>;

/// The version of the file of that name; none: it is no regular file. The error is the system's number.
std::expected<std::optional<file_version>, int> version_at(const std::string& path);

/// A file that lies there whole and does not change, taken line by line in as many steps as the batches want. Lines end
/// with LF or CRLF, the last one perhaps with the file; or record by record, where these are of one length, and what
/// the file's end cuts off is set aside. It is read in blocks that the rows look at. One thread.
class line_file {
 public:
  /// The error is the system's number; EISDIR or ESPIPE for what is no regular file.
  static std::expected<line_file, int> open(const std::string& path, std::string name);
  /// The file behind a part that was taken; opened when it is needed.
  explicit line_file(const file_part& taken) : left_(taken) { left_.from = taken.to; }

  const std::string& name() const { return left_.name; }
  const file_version& version() const { return left_.version; }
  bool at_end() const { return left_.from == left_.version.size; }
  /// What is still to come, as a part of no bytes: the state that `line_file(part)` goes on from.
  file_part place() const { return {left_.name, left_.from, left_.from, left_.version}; }

  /// Opens it if it is not open; 0 or the system's number.
  int make_ready(const std::string& path);

  /// Adds the next lines, up to byte `to` at most, and gives the bytes they had. The error names the path: it cannot be
  /// read, or is not as it was. Where it is not ready it is made so first.
  std::expected<file_part, io_error> take(const std::string& path, std::uint64_t to, const line_limits& limits,
                                          text_rows& into, aside_counts& aside);

 private:
  bool unchanged() const;
  int take_lines(std::uint64_t to, const line_limits& limits, text_rows& into, aside_counts& aside);
  int take_records(std::uint64_t to, const line_limits& limits, text_rows& into, aside_counts& aside);

  descriptor file_;
  file_part left_;  // from: the next byte to take
};

/// Adds the rows of a part once more, all of them; it gives the file behind the part. The error is that of
/// `line_file::take`.
std::expected<line_file, io_error> take_again(const std::string& path, const file_part& part, line_limits limits,
                                              text_rows& into);

}  // namespace weir::stream
