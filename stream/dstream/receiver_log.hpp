#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "stream/dstream/block_log.hpp"
#include "stream/source.hpp"

namespace weir::stream {

/// What a source gave that cannot give it again, written down before the source is told that it was taken. It has a
/// folder of its own, which nobody else can open meanwhile; `block_log` says what becomes of a crash and of damage.
/// Any thread may call anything.
class receiver_log {
 public:
  /// An error is also that another process has the folder.
  static std::expected<receiver_log, io_error> open(const std::string& folder, const block_log_options& options = {});

  ~receiver_log();
  receiver_log(receiver_log&&) noexcept;
  receiver_log& operator=(receiver_log&&) noexcept;

  /// Adds a block and gives its number. What several threads add meanwhile goes to disk together.
  std::expected<std::uint64_t, io_error> append(std::string_view payload);

  std::expected<std::string, io_error> read(std::uint64_t number);

  /// The blocks before this one are not asked for any more: the files that have only such are removed.
  std::expected<void, io_error> forget_before(std::uint64_t number);

  /// The first block that is there, and the number of the next.
  std::uint64_t first() const;
  std::uint64_t next() const;

 private:
  struct state;
  explicit receiver_log(std::unique_ptr<state> opened);

  std::unique_ptr<state> state_;
};

}  // namespace weir::stream
