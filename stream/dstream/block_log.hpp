#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "stream/dstream/open_file.hpp"
#include "stream/source.hpp"

namespace weir::stream {

/// When what was written is on disk. In both cases it outlives the process.
enum class sync_policy : std::uint8_t {
  each_append,     // before append returns: it outlives the machine, too
  left_to_system,  // when the system thinks fit: a loss of power may take what was written last
};

struct block_log_options {
  std::size_t segment_bytes_max = 64 << 20;  // a file takes no more blocks once it is as large
  sync_policy sync = sync_policy::each_append;
};

/// A log of blocks of bytes, numbered from 0, in the files of a folder ("segments", each named by its first block's
/// number). Every block has a checksum. One thread, and one owner of the folder.
///
/// When it is opened, a tail that a crash has torn is cut off: nothing of it was acknowledged. A block that is bad, and
/// had been good, is an error with its file and offset; in the segment that is written, when the log is opened, in
/// those before it, when it is read. (A bad last group of blocks cannot be told from a torn one.) After an error of the
/// disk nothing more is written.
class block_log {
 public:
  static std::expected<block_log, io_error> open(const std::string& folder, const block_log_options& options);

  /// Adds blocks with one write, and gives the number of the first. Nothing was added where it is an error, though
  /// what was begun may be there after a crash.
  std::expected<std::uint64_t, io_error> append(std::span<const std::string_view> payloads);
  /// Returns when all that was added is on disk, whatever the policy.
  std::expected<void, io_error> sync();

  std::expected<std::string, io_error> read(std::uint64_t number);

  /// Removes the segments that have only blocks before this one. The one that is written stays.
  std::expected<void, io_error> forget_before(std::uint64_t number);

  std::uint64_t first() const { return segments_.front().first; }
  std::uint64_t next() const { return next_; }

 private:
  struct segment {
    std::uint64_t first = 0;
    std::optional<std::vector<std::uint64_t>> begins{};  // of its blocks, and its end; once it was walked
  };

  block_log(std::string folder, const block_log_options& options, open_file last);
  std::string path_of(const segment& of) const;
  std::expected<void, io_error> open_last();
  std::expected<void, io_error> write(std::span<const std::string_view> payloads);
  std::expected<void, io_error> begin_segment();
  std::expected<void, io_error> sync_by_policy();
  std::expected<void, io_error> sync_names();
  std::expected<void, io_error> walk(std::size_t index);

  std::string folder_;
  block_log_options options_;
  std::vector<segment> segments_;  // never empty; the last is written, and walked
  open_file last_;
  std::uint64_t next_ = 0;
  std::string buffer_;
  std::optional<io_error> broken_;
};

}  // namespace weir::stream
