#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "stream/source.hpp"

namespace weir::stream {

struct file_options {
  std::string path;     // "-": standard input
  bool follow = false;  // do not end at the file's end: wait for more, as `tail -F` does
};

/// How far a source is, in bytes of the file as it lies there, packed or not.
struct file_progress {
  std::uint64_t bytes_read = 0;
  std::optional<std::uint64_t> bytes_total;  // of a regular file that is not followed
};

/// Reads a file, a pipe or standard input; gzip is recognised by its content and unpacked. A model of `byte_source`.
///
/// Followed, a file that was replaced under its name (rotated) is read to its end, and then the new one from its
/// beginning; one that was cut short is read from its beginning again; one that is gone is waited for. The bytes that
/// `read` gives go on as one run over all that: a record that the old file left without its line's end is ended there.
///
/// `read` belongs to one thread; `progress` and `restarts` may be called by any.
class file_source {
 public:
  static std::expected<file_source, io_error> open(file_options options);
  ~file_source();
  file_source(file_source&&) noexcept;
  file_source& operator=(file_source&&) noexcept;

  /// Waits a tenth of a second at most for a pipe to give something, and not at all at the end of a followed file.
  std::expected<read_result, io_error> read(std::span<char> into);

  file_progress progress() const;
  /// How often a followed file was replaced or cut short.
  std::uint64_t restarts() const;

 private:
  struct state;

  explicit file_source(std::unique_ptr<state> opened);

  std::unique_ptr<state> state_;
};

}  // namespace weir::stream
