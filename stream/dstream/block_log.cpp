#include "stream/dstream/block_log.hpp"

#include <algorithm>
#include <utility>

#include "stream/dstream/log_block.hpp"

namespace weir::stream {

namespace {

constexpr std::string_view segment_ending = ".log";

std::string segment_path(const std::string& folder, std::uint64_t first) {
  return folder + "/" + numbered_name("", first, segment_ending);
}

std::unexpected<io_error> damage(const std::string& path, std::uint64_t number, std::uint64_t offset) {
  return std::unexpected(
      io_error{path + ": block " + std::to_string(number) + " at byte " + std::to_string(offset) + " is damaged"});
}

std::expected<std::string, io_error> whole(const open_file& file) {
  const auto bytes = file.size();
  if (!bytes) return std::unexpected(bytes.error());
  return file.read(0, *bytes);
}

}  // namespace

block_log::block_log(std::string folder, const block_log_options& options, open_file last)
    : folder_(std::move(folder)), options_(options), last_(std::move(last)) {}

std::string block_log::path_of(const segment& of) const { return segment_path(folder_, of.first); }

// ---- opening

std::expected<block_log, io_error> block_log::open(const std::string& folder, const block_log_options& options) {
  if (auto made = make_folder(folder); !made) return std::unexpected(made.error());
  const auto names = names_in(folder);
  if (!names) return std::unexpected(names.error());
  std::vector<segment> found;
  for (const std::string& name : *names) {
    if (const auto first = number_in(name, "", segment_ending)) found.push_back({.first = *first});
  }
  if (found.empty()) found.push_back({.first = 0});
  auto last = open_file::to_write(segment_path(folder, found.back().first));
  if (!last) return std::unexpected(last.error());
  block_log log(folder, options, std::move(*last));
  log.segments_ = std::move(found);
  if (auto opened = log.open_last(); !opened) return std::unexpected(opened.error());
  return log;
}

/// Walks the segment that is to be written, and cuts off its torn tail.
std::expected<void, io_error> block_log::open_last() {
  segment& last = segments_.back();
  const auto bytes = whole(last_);
  if (!bytes) return std::unexpected(bytes.error());
  walked_blocks found = walk_blocks(*bytes, last.first);
  next_ = last.first + found.begins.size();
  if (found.damaged) return damage(last_.path(), next_, found.end);
  if (found.end != bytes->size()) {
    if (auto cut = last_.truncate(found.end); !cut) return cut;
  }
  found.begins.push_back(found.end);
  last.begins = std::move(found.begins);
  // What is there may be only in the system's memory, and is about to be taken for good.
  if (auto synced = sync_by_policy(); !synced) return synced;
  return sync_names();
}

// ---- writing

std::expected<std::uint64_t, io_error> block_log::append(std::span<const std::string_view> payloads) {
  if (broken_) return std::unexpected(*broken_);
  for (const std::string_view payload : payloads) {
    if (payload.size() <= block_payload_bytes_max) continue;
    return std::unexpected(io_error{folder_ + ": a block of " + std::to_string(payload.size()) + " bytes is too long"});
  }
  const std::uint64_t number = next_;
  if (auto written = write(payloads); !written) {
    broken_ = written.error();
    return std::unexpected(*broken_);
  }
  return number;
}

std::expected<void, io_error> block_log::write(std::span<const std::string_view> payloads) {
  if (segments_.back().begins->back() >= options_.segment_bytes_max) {
    if (auto begun = begin_segment(); !begun) return begun;
  }
  std::vector<std::uint64_t>& begins = *segments_.back().begins;
  const std::uint64_t end = begins.back();
  const std::size_t blocks = begins.size();
  buffer_.clear();
  for (const std::string_view payload : payloads) {
    const auto in_group = static_cast<std::uint32_t>(begins.size() - blocks);
    append_block(buffer_, {.number = next_ + in_group, .in_group = in_group}, payload);
    begins.push_back(end + buffer_.size());
  }
  if (auto written = last_.write(end, buffer_); !written) return written;
  if (auto synced = sync_by_policy(); !synced) return synced;
  next_ += payloads.size();
  return {};
}

/// All before the new segment is on disk: only the last one can have a torn tail.
std::expected<void, io_error> block_log::begin_segment() {
  if (auto synced = last_.sync(); !synced) return synced;
  auto opened = open_file::to_write(segment_path(folder_, next_));
  if (!opened) return std::unexpected(opened.error());
  last_ = std::move(*opened);
  segments_.push_back({.first = next_, .begins = std::vector<std::uint64_t>{0}});
  return sync_names();
}

std::expected<void, io_error> block_log::sync_by_policy() {
  if (options_.sync == sync_policy::left_to_system) return {};
  return last_.sync();
}

std::expected<void, io_error> block_log::sync_names() {
  if (options_.sync == sync_policy::left_to_system) return {};
  return sync_folder(folder_);
}

std::expected<void, io_error> block_log::sync() {
  if (broken_) return std::unexpected(*broken_);
  auto synced = last_.sync();
  if (synced) synced = sync_folder(folder_);
  if (!synced) broken_ = synced.error();
  return synced;
}

std::expected<void, io_error> block_log::forget_before(std::uint64_t number) {
  std::size_t gone = 0;
  std::expected<void, io_error> removed{};
  while (removed && gone + 1 < segments_.size() && segments_[gone + 1].first <= number) {
    removed = remove_file(path_of(segments_[gone]));
    if (removed) ++gone;
  }
  segments_.erase(segments_.begin(), segments_.begin() + static_cast<std::ptrdiff_t>(gone));
  return removed;
}

// ---- reading

std::expected<void, io_error> block_log::walk(std::size_t index) {
  segment& one = segments_[index];
  if (one.begins) return {};
  const auto file = open_file::to_read(path_of(one));
  if (!file) return std::unexpected(file.error());
  const auto bytes = whole(*file);
  if (!bytes) return std::unexpected(bytes.error());
  walked_blocks found = walk_blocks(*bytes, one.first);
  const std::uint64_t behind = one.first + found.begins.size();
  if (found.end != bytes->size() || behind != segments_[index + 1].first) {
    return damage(file->path(), behind, found.end);
  }
  found.begins.push_back(found.end);
  one.begins = std::move(found.begins);
  return {};
}

std::expected<std::string, io_error> block_log::read(std::uint64_t number) {
  if (number < first() || number >= next_) {
    return std::unexpected(io_error{folder_ + ": there is no block " + std::to_string(number) + ", only " +
                                    std::to_string(first()) + " up to " + std::to_string(next_)});
  }
  const auto behind = std::ranges::upper_bound(segments_, number, {}, &segment::first);
  const auto index = static_cast<std::size_t>(behind - segments_.begin()) - 1;
  if (auto walked = walk(index); !walked) return std::unexpected(walked.error());
  const segment& one = segments_[index];
  const std::uint64_t begin = (*one.begins)[number - one.first];
  const std::uint64_t end = (*one.begins)[number - one.first + 1];
  const auto file = open_file::to_read(path_of(one));
  if (!file) return std::unexpected(file.error());
  const auto bytes = file->read(begin, end - begin);
  if (!bytes) return std::unexpected(bytes.error());
  const auto payload = block_at(*bytes, number);
  if (!payload) return damage(file->path(), number, begin);
  return std::string(*payload);
}

}  // namespace weir::stream
