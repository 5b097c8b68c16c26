#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "stream/dstream/source.hpp"
#include "stream/file/line_file.hpp"

namespace weir::stream {

struct file_lines_options {
  std::vector<std::string> paths;          // regular files, in the order in which they are read
  std::size_t batch_bytes_max = 64 << 20;  // passed by less than one block
  std::size_t line_bytes_max = 16 << 20;   // without its end; a longer one is set aside
};

/// Gives the lines of files, one after the other, and ends behind the last. The files must not change meanwhile. A
/// `batch_source`; one thread.
class file_lines_source {
 public:
  using row = std::string_view;

  explicit file_lines_source(file_lines_options options) : options_(std::move(options)) {}

  /// The next lines, so many at most, of one file or several. The range may name bytes that had no row, all of them set
  /// aside. The error names the file that cannot be read, or "has changed since its first line was read".
  std::expected<polled<row>, io_error> poll(std::size_t rows_max);

  /// The error names a file that cannot be read, has changed, or is none of those that are to come.
  std::expected<received<row>, io_error> replay(std::string_view range);
  std::expected<void, io_error> skip(std::string_view range);

  /// The place: how many files are behind, and how much of the next one.
  std::string save() const;
  /// Stands where the one stood that saved this. The error: it is no such text.
  std::expected<void, io_error> restore(std::string_view saved);

  /// Lines that were set aside since the start, by reason.
  const aside_counts& aside() const { return aside_; }

 private:
  bool ended() const { return behind_ == options_.paths.size(); }
  std::expected<std::vector<file_part>, io_error> read_range(std::string_view range) const;
  std::expected<void, io_error> find(const file_part& part);
  std::expected<file_part, io_error> take_next(const line_limits& limits, text_rows& rows);
  void stand_behind(line_file file);

  file_lines_options options_;
  std::size_t behind_ = 0;  // files that are done
  std::optional<line_file> begun_;
  aside_counts aside_;
};

}  // namespace weir::stream
