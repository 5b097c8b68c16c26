#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "stream/dstream/source.hpp"
#include "stream/file/line_file.hpp"

namespace weir::stream {

struct directory_options {
  std::string path;
  std::string suffix{};                    // of the files to look at; empty: all
  std::size_t batch_bytes_max = 64 << 20;  // passed by less than one block
  std::size_t line_bytes_max = 16 << 20;   // without its end; a longer one is set aside
  std::size_t record_bytes = 0;            // 0: rows are lines; else each is so many bytes, whatever they are
};

/// Gives the lines of the files of a directory, or their records of one length, each file once, as long as files come.
/// A `batch_source`; one thread.
///
/// Files are to be moved in whole (written elsewhere in the same file system, or under a passed-over name, then
/// renamed) and not to be written to afterwards. Passed over are names that begin with "." or end in ".tmp" or
/// "_COPYING_", what is no regular file, and folders in it. Of the files that are there at a poll, the one written
/// first is next; those of one time go by name. A file that is larger than a batch is taken in several, and no other
/// one in between.
///
/// A file that was taken is remembered, by name, size and modification time, until a poll finds it gone from the
/// directory. This is exact: however late or old a file comes, it is taken once, which a window of time that is
/// remembered cannot promise. It holds about a hundred bytes for each file that is still there; so move them away, or
/// delete them, once they are behind the last snapshot. A file with the name of one that was taken, but of another size
/// or time, is another file, and is taken.
///
/// A file that is there and gone before it is opened, or before its end after a restart, and one that cannot be read,
/// is set aside with the reason; the others go on.
class directory_source {
 public:
  using row = std::string_view;

  /// The error names the directory: "inbox: No such file or directory".
  static std::expected<directory_source, io_error> open(directory_options options);

  /// The next lines, so many at most, of one file or several; never waits for a file to come. The range may name bytes
  /// that had no row, all of them set aside. The error: the directory is gone, a file cannot be read further, or it
  /// "has changed since its first line was read".
  std::expected<polled<row>, io_error> poll(std::size_t rows_max);

  /// The files of the range must still be there, as they were; the error names the one that is not.
  std::expected<received<row>, io_error> replay(std::string_view range);
  /// The files of the range may be gone.
  std::expected<void, io_error> skip(std::string_view range);

  /// Which files were taken, and how much of the one that has begun.
  std::string save() const;
  /// Stands where the one stood that saved this. The error: it is no such text.
  std::expected<void, io_error> restore(std::string_view saved);

  /// What was set aside since the start: files and lines, by reason.
  const aside_counts& aside() const { return aside_; }

 private:
  struct waiting_file {
    file_version version;
    std::string name;
  };
  using file_versions = std::unordered_map<std::string, file_version>;

  explicit directory_source(directory_options options);

  line_limits limits_of(std::size_t rows_max) const;
  std::string path_of(const std::string& name) const { return options_.path + '/' + name; }
  bool looked_at(std::string_view name) const;
  std::expected<std::vector<waiting_file>, io_error> list();
  std::expected<std::vector<std::string>, io_error> names() const;
  std::optional<waiting_file> look(const std::string& name);
  void forget_gone(const std::vector<std::string>& names);
  bool begin(const waiting_file& file);
  bool still_there();
  std::expected<void, io_error> take_begun(const line_limits& limits, text_rows& rows, std::vector<file_part>& parts);
  std::expected<std::vector<file_part>, io_error> read_range(std::string_view range) const;
  void stand_behind(line_file file);

  directory_options options_;
  file_versions taken_;    // whole, and perhaps still in the directory
  file_versions refused_;  // could not be opened, and still lie there
  std::optional<line_file> begun_;
  aside_counts aside_;
};

}  // namespace weir::stream
