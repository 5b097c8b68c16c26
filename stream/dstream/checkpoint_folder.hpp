#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "stream/dstream/block_log.hpp"
#include "stream/dstream/snapshot_file.hpp"
#include "stream/source.hpp"
#include "stream/time.hpp"

namespace weir::stream {

/// What a batch is made of, written down before it is run, so that it can be run again.
struct batch_record {
  std::uint64_t number = 0;
  timestamp time;
  bool last = false;                // nothing comes after it
  std::vector<std::string> ranges;  // what each source gave, in its own words

  bool operator==(const batch_record&) const = default;
};

struct recorded_batch {
  batch_record record;
  bool committed = false;  // its outputs are done

  bool operator==(const recorded_batch&) const = default;
};

/// What was found in a folder: the newest snapshot that is whole, and the batches behind it, in order.
struct recovery {
  std::optional<snapshot> from;
  std::vector<recorded_batch> batches;
  std::vector<std::string> passed_over;  // newer snapshots, each with the reason: "ckpt/snapshot-…: is damaged"
};

struct checkpoint_options {
  sync_policy sync = sync_policy::each_append;  // of the records; a snapshot is always on disk before it counts
  std::size_t segment_bytes_max = 4 << 20;      // of the log
};

/// The folder from which a stream goes on after its process ended, however it did: a log of its batches, and snapshots
/// of its state.
///
///   lock                       held while the folder is open
///   batches/….log              records of batches, and which are committed (block_log.hpp)
///   snapshot-….state           the three newest; a damaged one leaves those before it, and the batches behind them
///
/// `append` and `commit` are called by one thread, `write_snapshot` by one, which may be another.
class checkpoint_folder {
 public:
  static constexpr std::size_t snapshots_kept = 3;

  /// Makes the folder, or finds what is in it. An error: another process has it, the log is damaged, or batches that
  /// would be needed are gone.
  static std::expected<checkpoint_folder, io_error> open(const std::string& folder,
                                                         const checkpoint_options& options = {});

  ~checkpoint_folder();
  checkpoint_folder(checkpoint_folder&&) noexcept;
  checkpoint_folder& operator=(checkpoint_folder&&) noexcept;

  /// Gives what was found, once.
  recovery recovered();

  /// Writes a batch down. Its number is the one behind the last, in the log or a snapshot.
  std::expected<void, io_error> append(const batch_record& record);

  /// The outputs of a batch that was written down are done.
  std::expected<void, io_error> commit(std::uint64_t number);

  /// Returns when the snapshot is on disk, and removes what is then too old: the fourth snapshot, and segments of the
  /// log with only batches that the oldest snapshot has seen. All batches up to its own are committed; it is newer than
  /// those before. After an error
  /// those before are still there.
  std::expected<void, io_error> write_snapshot(const snapshot& written);

 private:
  struct state;
  explicit checkpoint_folder(std::unique_ptr<state> opened);

  std::unique_ptr<state> state_;
};

}  // namespace weir::stream
