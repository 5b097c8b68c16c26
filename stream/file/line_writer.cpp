#include "stream/file/line_writer.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace weir::stream {

namespace {

std::string describe(const std::string& path, int code) { return path + ": " + std::generic_category().message(code); }

/// A pipe set to non-blocking by the other side is waited for, not given up.
void wait_until_writable(int descriptor) {
  pollfd waiting{.fd = descriptor, .events = POLLOUT, .revents = 0};
  ::poll(&waiting, 1, -1);
}

/// Writes all; the code of the error that stopped it, 0 for none.
int write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(descriptor, bytes.data(), bytes.size());
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      wait_until_writable(descriptor);
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

}  // namespace

line_writer::line_writer(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {
  buffer_.reserve(buffer_bytes);
}

std::expected<line_writer, io_error> line_writer::open(const std::string& path, open_mode mode) {
  const std::string name = path == "-" ? "standard output" : path;
  const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | (mode == open_mode::append ? O_APPEND : O_TRUNC);
  const int descriptor = path == "-" ? ::dup(STDOUT_FILENO) : ::open(path.c_str(), flags, 0644);
  if (descriptor < 0) return std::unexpected(io_error{describe(name, errno)});
  return line_writer(name, descriptor);
}

line_writer::line_writer(line_writer&& other) noexcept
    : path_(std::move(other.path_)),
      buffer_(std::exchange(other.buffer_, {})),
      descriptor_(std::exchange(other.descriptor_, -1)),
      lines_(other.lines_),
      reader_gone_(other.reader_gone_) {}

line_writer& line_writer::operator=(line_writer&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(buffer_, other.buffer_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(lines_, other.lines_);
  std::swap(reader_gone_, other.reader_gone_);
  return *this;
}

line_writer::~line_writer() { static_cast<void>(close()); }

std::expected<void, io_error> line_writer::write(std::string_view line) {
  buffer_ += line;
  buffer_ += '\n';
  ++lines_;
  if (buffer_.size() >= buffer_bytes) return flush();
  return {};
}

std::expected<void, io_error> line_writer::flush() {
  if (buffer_.empty()) return {};
  const int code = write_all(descriptor_, buffer_);
  buffer_.clear();
  if (code != 0) return std::unexpected(failed(code));
  return {};
}

std::expected<void, io_error> line_writer::close() {
  if (descriptor_ < 0) return {};
  auto flushed = flush();
  if (!flushed) return flushed;
  // Some file systems tell a full disk only now. After EINTR the descriptor is closed all the same.
  if (::close(std::exchange(descriptor_, -1)) != 0 && errno != EINTR) return std::unexpected(failed(errno));
  return {};
}

io_error line_writer::failed(int code) {
  reader_gone_ = code == EPIPE;
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  return {describe(path_, code)};
}

}  // namespace weir::stream
