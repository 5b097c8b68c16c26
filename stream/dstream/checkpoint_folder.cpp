#include "stream/dstream/checkpoint_folder.hpp"

#include <algorithm>
#include <cassert>
#include <deque>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "stream/dstream/codec.hpp"
#include "stream/dstream/open_file.hpp"

namespace weir::stream {

namespace {

struct commit_mark {
  std::uint64_t number = 0;
};

/// What a block of the log says.
using log_entry = std::variant<batch_record, commit_mark>;

/// A batch of the log, and which block holds its record.
struct logged_batch {
  std::uint64_t number = 0;
  std::uint64_t block = 0;
  bool committed = false;
};

std::string batches_path(const std::string& folder) { return folder + "/batches"; }

std::unexpected<io_error> failure(const std::string& path, const std::string& why) {
  return std::unexpected(io_error{path + ": " + why});
}

}  // namespace

struct checkpoint_folder::state {
  state(std::string path, open_file held, block_log opened)
      : folder(std::move(path)), lock(std::move(held)), log(std::move(opened)) {}

  std::expected<void, io_error> find_snapshot();
  std::expected<void, io_error> read_log();
  bool take(log_entry entry, std::uint64_t block);
  std::expected<void, io_error> look_for_gaps() const;
  logged_batch* find(std::uint64_t number);
  std::expected<std::uint64_t, io_error> write(const log_entry& entry);
  std::expected<void, io_error> sync_log(std::uint64_t number);
  std::expected<void, io_error> remove_old_snapshots();
  std::expected<void, io_error> forget_old_batches();

  std::string folder;
  open_file lock;
  recovery found;
  std::optional<std::uint64_t> newest_seen;  // the batch of the newest snapshot found, whole or not
  std::deque<std::uint64_t> snapshots;       // good as far as is known, in order; of the thread that writes them

  std::mutex logs;  // for what follows
  block_log log;
  std::deque<logged_batch> batches;  // that the log has records of, in order
};

// ---- opening

std::expected<checkpoint_folder, io_error> checkpoint_folder::open(const std::string& folder,
                                                                   const checkpoint_options& options) {
  auto lock = lock_folder(folder);
  if (!lock) return std::unexpected(lock.error());
  auto log =
      block_log::open(batches_path(folder), {.segment_bytes_max = options.segment_bytes_max, .sync = options.sync});
  if (!log) return std::unexpected(log.error());
  auto opened = std::make_unique<state>(folder, std::move(*lock), std::move(*log));
  if (auto looked = opened->find_snapshot(); !looked) return std::unexpected(looked.error());
  if (auto read = opened->read_log(); !read) return std::unexpected(read.error());
  if (auto whole = opened->look_for_gaps(); !whole) return std::unexpected(whole.error());
  return checkpoint_folder(std::move(opened));
}

/// The newest that is whole. Those before it are not read, and stay for the case that this one is damaged later.
std::expected<void, io_error> checkpoint_folder::state::find_snapshot() {
  const auto numbers = snapshots_in(folder);
  if (!numbers) return std::unexpected(numbers.error());
  snapshots.assign(numbers->begin(), numbers->end());
  if (!snapshots.empty()) newest_seen = snapshots.back();
  while (!snapshots.empty()) {
    auto read = read_snapshot_file(folder, snapshots.back());
    if (read) {
      found.from = std::move(*read);
      break;
    }
    found.passed_over.push_back(read.error().message);
    snapshots.pop_back();
  }
  return {};
}

std::expected<void, io_error> checkpoint_folder::state::read_log() {
  for (std::uint64_t block = log.first(); block < log.next(); ++block) {
    const auto bytes = log.read(block);
    if (!bytes) return std::unexpected(bytes.error());
    auto entry = decoded<log_entry>(*bytes);
    if (!entry || !take(std::move(*entry), block)) {
      return failure(batches_path(folder), "block " + std::to_string(block) + " is not about a batch that can be");
    }
  }
  for (recorded_batch& batch : found.batches) batch.committed = find(batch.record.number)->committed;
  return {};
}

/// False if it cannot follow what was before it.
bool checkpoint_folder::state::take(log_entry entry, std::uint64_t block) {
  if (const auto* mark = std::get_if<commit_mark>(&entry)) {
    // The record itself may have gone with the segment before.
    if (logged_batch* batch = find(mark->number)) batch->committed = true;
    return true;
  }
  auto& record = std::get<batch_record>(entry);
  if (!batches.empty() && record.number <= batches.back().number) return false;
  batches.push_back({.number = record.number, .block = block});
  if (!found.from || record.number > found.from->number) found.batches.push_back({.record = std::move(record)});
  return true;
}

/// Going on without a batch would give wrong results.
std::expected<void, io_error> checkpoint_folder::state::look_for_gaps() const {
  if (!found.from && log.first() > 0) {
    const std::string why = found.passed_over.empty() ? "there is no snapshot" : found.passed_over.front();
    return failure(folder, "the first batches are gone from the log, and " + why);
  }
  std::uint64_t next = found.from ? found.from->number + 1 : 0;
  if (!found.from && !found.batches.empty()) next = found.batches.front().record.number;
  for (const recorded_batch& batch : found.batches) {
    if (batch.record.number != next) break;
    ++next;
  }
  const bool more = !found.batches.empty() && found.batches.back().record.number >= next;
  if (!more && (!newest_seen || *newest_seen < next)) return {};
  return failure(batches_path(folder), "batch " + std::to_string(next) + " is missing");
}

logged_batch* checkpoint_folder::state::find(std::uint64_t number) {
  const auto at = std::ranges::lower_bound(batches, number, {}, &logged_batch::number);
  return at != batches.end() && at->number == number ? &*at : nullptr;
}

// ---- the face

checkpoint_folder::checkpoint_folder(std::unique_ptr<state> opened) : state_(std::move(opened)) {}
checkpoint_folder::~checkpoint_folder() = default;
checkpoint_folder::checkpoint_folder(checkpoint_folder&&) noexcept = default;
checkpoint_folder& checkpoint_folder::operator=(checkpoint_folder&&) noexcept = default;

recovery checkpoint_folder::recovered() { return std::exchange(state_->found, {}); }

/// With `logs` held.
std::expected<std::uint64_t, io_error> checkpoint_folder::state::write(const log_entry& entry) {
  const std::string bytes = encoded(entry);
  const std::string_view block = bytes;
  return log.append({&block, 1});
}

std::expected<void, io_error> checkpoint_folder::append(const batch_record& record) {
  const std::lock_guard held(state_->logs);
  assert(state_->batches.empty() || record.number > state_->batches.back().number);
  const auto block = state_->write(record);
  if (!block) return std::unexpected(block.error());
  state_->batches.push_back({.number = record.number, .block = *block});
  return {};
}

std::expected<void, io_error> checkpoint_folder::commit(std::uint64_t number) {
  const std::lock_guard held(state_->logs);
  logged_batch* batch = state_->find(number);
  assert(batch != nullptr);
  const auto block = state_->write(commit_mark{number});
  if (!block) return std::unexpected(block.error());
  batch->committed = true;
  return {};
}

std::expected<void, io_error> checkpoint_folder::write_snapshot(const snapshot& written) {
  assert(state_->snapshots.empty() || written.number > state_->snapshots.back());
  if (auto synced = state_->sync_log(written.number); !synced) return synced;
  if (auto put = write_snapshot_file(state_->folder, written); !put) return put;
  state_->snapshots.push_back(written.number);
  if (auto removed = state_->remove_old_snapshots(); !removed) return removed;
  return state_->forget_old_batches();
}

/// A snapshot never stands beside a log that has less than it has seen.
std::expected<void, io_error> checkpoint_folder::state::sync_log([[maybe_unused]] std::uint64_t number) {
  const std::lock_guard held(logs);
  assert(std::ranges::all_of(batches, [&](const auto& batch) { return batch.committed || batch.number > number; }));
  return log.sync();
}

/// Also those that were found damaged.
std::expected<void, io_error> checkpoint_folder::state::remove_old_snapshots() {
  if (snapshots.size() > snapshots_kept) snapshots.pop_front();
  const auto numbers = snapshots_in(folder);
  if (!numbers) return std::unexpected(numbers.error());
  for (const std::uint64_t number : *numbers) {
    if (std::ranges::binary_search(snapshots, number)) continue;
    if (auto removed = remove_file(folder + "/" + snapshot_name(number)); !removed) return removed;
  }
  return {};
}

/// While there are fewer snapshots, all batches stay: should none of them be whole, the stream can begin again.
std::expected<void, io_error> checkpoint_folder::state::forget_old_batches() {
  if (snapshots.size() < snapshots_kept) return {};
  const std::lock_guard held(logs);
  while (!batches.empty() && batches.front().number <= snapshots.front()) batches.pop_front();
  return log.forget_before(batches.empty() ? log.next() : batches.front().block);
}

}  // namespace weir::stream
