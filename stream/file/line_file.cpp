#include "stream/file/line_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace weir::stream {

namespace {

constexpr std::size_t first_block_bytes = 64 << 10;  // a batch of few rows is not to hold much
constexpr std::size_t block_bytes_max = 1 << 20;
constexpr std::size_t line_end_bytes_max = 2;
constexpr int ends_early = -1;  // no number of the system's

std::unexpected<io_error> failed(const std::string& path, const std::string& why) {
  return std::unexpected(io_error{path + ": " + why});
}

std::unexpected<io_error> changed(const std::string& path) {
  return failed(path, "has changed since its first line was read");
}

file_version version_of(const struct stat& seen) {
  constexpr std::int64_t ns_per_second = 1'000'000'000;
  return {.size = static_cast<std::uint64_t>(seen.st_size),
          .written_ns = seen.st_mtim.tv_sec * ns_per_second + seen.st_mtim.tv_nsec};
}

/// Reads all of `into`; 0 or the error.
int read_at(int file, std::uint64_t offset, char* into, std::size_t bytes) {
  while (bytes > 0) {
    const ssize_t count = ::pread(file, into, bytes, static_cast<off_t>(offset));
    if (count == 0) return ends_early;
    if (count < 0 && errno != EINTR) return errno;
    if (count < 0) continue;
    into += count;
    offset += static_cast<std::uint64_t>(count);
    bytes -= static_cast<std::size_t>(count);
  }
  return 0;
}

/// Bytes [from, from + bytes) of the file.
std::expected<std::string, int> read_block(int file, std::uint64_t from, std::uint64_t bytes) {
  std::string block;
  int error = 0;
  // The second parameter is passed over: g++ 12 gives what the string has room for, not what was asked for.
  block.resize_and_overwrite(bytes, [&](char* into, std::size_t) {
    error = read_at(file, from, into, bytes);
    return error == 0 ? bytes : 0;
  });
  if (error != 0) return std::unexpected(error);
  return block;
}

/// Adds lines of a text that ends where a line does, as many as may be; how many bytes they had.
std::size_t add_lines(std::string_view text, const line_limits& limits, text_rows& into, std::uint64_t& too_long) {
  std::size_t at = 0;
  while (at < text.size() && into.size() < limits.rows_max) {
    const std::size_t end = text.find('\n', at);
    const std::string_view line = text.substr(at, end == std::string_view::npos ? end : end + 1 - at);
    const std::string_view content = without_line_end(line);
    if (content.size() > limits.line_bytes_max) {
      ++too_long;
    } else {
      into.add(content, line.size());
    }
    at += line.size();
  }
  return at;
}

/// Adds records of one length, as many as may be.
void add_records(std::string_view text, std::size_t record_bytes, text_rows& into) {
  for (std::size_t at = 0; at < text.size(); at += record_bytes) into.add(text.substr(at, record_bytes), record_bytes);
}

/// Where the line that `from` stands in ends, or `to`.
std::expected<std::uint64_t, int> end_of_line(int file, std::uint64_t from, std::uint64_t to) {
  while (from < to) {
    const auto block = read_block(file, from, std::min<std::uint64_t>(block_bytes_max, to - from));
    if (!block) return std::unexpected(block.error());
    const std::size_t end = block->find('\n');
    if (end != std::string::npos) return from + end + 1;
    from += block->size();
  }
  return to;
}

}  // namespace

std::expected<std::optional<file_version>, int> version_at(const std::string& path) {
  struct stat seen{};
  if (::stat(path.c_str(), &seen) != 0) return std::unexpected(errno);
  if (!S_ISREG(seen.st_mode)) return std::nullopt;
  return version_of(seen);
}

std::expected<line_file, int> line_file::open(const std::string& path, std::string name) {
  descriptor opened{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};  // a pipe is not to be waited for
  struct stat seen{};
  if (!opened || ::fstat(*opened, &seen) != 0) return std::unexpected(errno);
  if (!S_ISREG(seen.st_mode)) return std::unexpected(S_ISDIR(seen.st_mode) ? EISDIR : ESPIPE);
  line_file made(file_part{.name = std::move(name), .version = version_of(seen)});
  made.file_ = std::move(opened);
  return made;
}

int line_file::make_ready(const std::string& path) {
  if (file_) return 0;
  file_ = descriptor{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  return file_ ? 0 : errno;
}

bool line_file::unchanged() const {
  struct stat seen{};
  return ::fstat(*file_, &seen) == 0 && version_of(seen) == left_.version;
}

std::expected<file_part, io_error> line_file::take(const std::string& path, std::uint64_t to, const line_limits& limits,
                                                   text_rows& into, aside_counts& aside) {
  if (const int error = make_ready(path); error != 0) return failed(path, std::generic_category().message(error));
  if (!unchanged()) return changed(path);
  file_part taken = place();
  const int error =
      limits.record_bytes == 0 ? take_lines(to, limits, into, aside) : take_records(to, limits, into, aside);
  if (error == ends_early || !unchanged()) return changed(path);
  if (error != 0) return failed(path, std::generic_category().message(error));
  taken.to = left_.from;
  return taken;
}

int line_file::take_lines(std::uint64_t to, const line_limits& limits, text_rows& into, aside_counts& aside) {
  const std::uint64_t begin = left_.from;
  const std::uint64_t bytes_max = limits.bytes_max - std::min(limits.bytes_max, into.bytes());
  std::size_t block_bytes = first_block_bytes;
  std::uint64_t too_long = 0;
  int error = 0;
  while (error == 0 && left_.from < to && left_.from - begin < bytes_max && into.size() < limits.rows_max) {
    auto block = read_block(*file_, left_.from, std::min<std::uint64_t>(block_bytes, to - left_.from));
    if (!block) return block.error();
    const bool last = left_.from + block->size() == to;
    const std::size_t whole = last ? block->size() : block->rfind('\n') + 1;
    if (whole > 0) {
      left_.from += add_lines(into.keep(std::move(*block)).substr(0, whole), limits, into, too_long);
    } else if (block_bytes > limits.line_bytes_max && block_bytes - limits.line_bytes_max > line_end_bytes_max) {
      const auto end = end_of_line(*file_, left_.from + block->size(), to);
      error = end ? 0 : end.error();
      left_.from = end.value_or(left_.from);
      ++too_long;
    }
    if (whole == 0 || block_bytes < block_bytes_max) block_bytes *= 2;
  }
  if (too_long > 0) aside["line longer than " + std::to_string(limits.line_bytes_max) + " bytes"] += too_long;
  return error;
}

int line_file::take_records(std::uint64_t to, const line_limits& limits, text_rows& into, aside_counts& aside) {
  const std::uint64_t length = limits.record_bytes;
  while (left_.from < to && limits.leave_room(into)) {
    const std::uint64_t whole = std::min<std::uint64_t>((to - left_.from) / length, limits.rows_max - into.size());
    if (whole == 0) {
      ++aside["record cut off by the end of its file"];
      left_.from = to;
      return 0;
    }
    const std::uint64_t at_once = std::max<std::uint64_t>(block_bytes_max / length, 1);
    auto block = read_block(*file_, left_.from, std::min(whole, at_once) * length);
    if (!block) return block.error();
    left_.from += block->size();
    add_records(into.keep(std::move(*block)), length, into);
  }
  return 0;
}

std::expected<line_file, io_error> take_again(const std::string& path, const file_part& part, line_limits limits,
                                              text_rows& into) {
  limits.rows_max = std::size_t(-1);
  limits.bytes_max = std::size_t(-1);
  file_part before = part;
  before.to = part.from;
  line_file file(before);
  aside_counts counted_before;
  const auto taken = file.take(path, part.to, limits, into, counted_before);
  if (!taken) return std::unexpected(taken.error());
  return file;
}

}  // namespace weir::stream
