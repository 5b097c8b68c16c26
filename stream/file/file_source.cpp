#include "stream/file/file_source.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

#include "stream/file/gzip.hpp"

namespace weir::stream {

namespace {

constexpr int pipe_wait_ms_max = 100;
constexpr std::size_t raw_bytes_max = 128 << 10;
constexpr std::size_t magic_bytes = 2;  // that tell gzip from the rest

/// An open file; closed with its owner.
class descriptor {
 public:
  descriptor() = default;
  explicit descriptor(int number) : number_(number) {}
  ~descriptor() {
    if (number_ > STDIN_FILENO) ::close(number_);
  }
  descriptor(descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }

  int operator*() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }

 private:
  int number_ = -1;
};

std::string error_text(int number) { return std::generic_category().message(number); }

/// What one look at the file gave.
struct raw_read {
  std::size_t bytes = 0;
  bool at_end = false;  // for now, if it is followed
};

}  // namespace

struct file_source::state {
  file_options options;
  descriptor file;
  bool regular = false;

  std::string raw = std::string(raw_bytes_max, '\0');  // read, not yet given: [raw_begin, raw_end)
  std::size_t raw_begin = 0;
  std::size_t raw_end = 0;
  bool recognised = false;
  std::optional<gzip_reader> gzip;
  std::uint64_t offset = 0;  // in the file that is open now
  char last_given = '\n';

  std::atomic<std::uint64_t> bytes_read = 0;
  std::optional<std::uint64_t> bytes_total;
  std::atomic<std::uint64_t> restarts = 0;

  std::string name() const { return options.path == "-" ? "standard input" : options.path; }
  std::unexpected<io_error> failed(const std::string& why) const {
    return std::unexpected(io_error{name() + ": " + why});
  }
  bool followed() const { return options.follow && options.path != "-"; }
  std::string_view raw_left() const { return std::string_view{raw}.substr(raw_begin, raw_end - raw_begin); }

  std::expected<void, io_error> open();
  std::expected<raw_read, io_error> read_raw(std::span<char> into);
  std::expected<raw_read, io_error> fill_raw();
  std::expected<bool, io_error> recognise();
  std::expected<read_result, io_error> read_plain(std::span<char> into);
  std::expected<read_result, io_error> read_packed(std::span<char> into);
  std::expected<read_result, io_error> at_end();
  bool look_for_restart();
  void begin_again();
  read_result give(std::span<char> into, std::size_t bytes);
};

std::expected<void, io_error> file_source::state::open() {
  descriptor opened{options.path == "-" ? STDIN_FILENO : ::open(options.path.c_str(), O_RDONLY | O_CLOEXEC)};
  struct stat found{};
  if (!opened || ::fstat(*opened, &found) != 0) return failed(error_text(errno));
  if (S_ISDIR(found.st_mode)) return failed("is a directory, not a file");
  regular = S_ISREG(found.st_mode);
  if (regular && !options.follow) bytes_total = static_cast<std::uint64_t>(found.st_size);
  file = std::move(opened);
  return {};
}

// ---- raw bytes

std::expected<raw_read, io_error> file_source::state::read_raw(std::span<char> into) {
  if (!regular) {
    pollfd waited{.fd = *file, .events = POLLIN, .revents = 0};
    const int ready = ::poll(&waited, 1, pipe_wait_ms_max);
    if (ready == 0 || (ready < 0 && errno == EINTR)) return raw_read{};
    if (ready < 0) return failed(error_text(errno));
  }
  const ssize_t count = ::read(*file, into.data(), into.size());
  if (count < 0 && (errno == EINTR || errno == EAGAIN)) return raw_read{};
  if (count < 0) return failed(error_text(errno));
  offset += static_cast<std::uint64_t>(count);
  bytes_read += static_cast<std::uint64_t>(count);
  return raw_read{.bytes = static_cast<std::size_t>(count), .at_end = count == 0};
}

std::expected<raw_read, io_error> file_source::state::fill_raw() {
  if (raw_begin == raw_end) raw_begin = raw_end = 0;
  auto read = read_raw(std::span{raw}.subspan(raw_end));
  if (read) raw_end += read->bytes;
  return read;
}

/// Looks at the first bytes; false while there are not enough of them to tell.
std::expected<bool, io_error> file_source::state::recognise() {
  while (!recognised && raw_left().size() < magic_bytes) {
    const auto read = fill_raw();
    if (!read) return std::unexpected(read.error());
    if (read->at_end && !followed()) break;
    if (read->bytes == 0) return false;
  }
  if (!recognised && gzip_reader::begins_gzip(raw_left())) gzip.emplace();
  recognised = true;
  return true;
}

// ---- what is given

read_result file_source::state::give(std::span<char> into, std::size_t bytes) {
  if (bytes > 0) last_given = into[bytes - 1];
  return {.bytes = bytes};
}

std::expected<read_result, io_error> file_source::state::read_plain(std::span<char> into) {
  if (const std::string_view left = raw_left(); !left.empty()) {
    const std::size_t bytes = left.copy(into.data(), into.size());
    raw_begin += bytes;
    return give(into, bytes);
  }
  const auto read = read_raw(into);
  if (!read) return std::unexpected(read.error());
  return read->at_end ? at_end() : give(into, read->bytes);
}

std::expected<read_result, io_error> file_source::state::read_packed(std::span<char> into) {
  for (;;) {
    const auto unpacked = gzip->unpack(raw_left(), into);
    if (!unpacked) return failed(unpacked.error());
    raw_begin += unpacked->taken;
    if (unpacked->given > 0) return give(into, unpacked->given);
    const auto read = fill_raw();
    if (!read) return std::unexpected(read.error());
    if (read->at_end) return at_end();
    if (read->bytes == 0) return read_result{};
  }
}

std::expected<read_result, io_error> file_source::state::at_end() {
  if (followed()) return read_result{};
  if (gzip && !gzip->complete()) return failed("the gzip data ends early");
  return read_result{.bytes = 0, .ended = true};
}

// ---- a followed file

/// True when the file that is open has come to its end and another one, or a shorter one, is to be read instead.
bool file_source::state::look_for_restart() {
  struct stat now{};
  struct stat ours{};
  if (!regular || ::stat(options.path.c_str(), &now) != 0 || ::fstat(*file, &ours) != 0) return false;
  const bool replaced = now.st_dev != ours.st_dev || now.st_ino != ours.st_ino;
  const bool cut_short = static_cast<std::uint64_t>(ours.st_size) < offset;
  // A replaced file may have grown after our last look at it.
  if (!cut_short && (!replaced || static_cast<std::uint64_t>(ours.st_size) > offset)) return false;
  if (cut_short && !replaced) return ::lseek(*file, 0, SEEK_SET) == 0;
  return open().has_value();  // if it cannot be opened now, perhaps later
}

void file_source::state::begin_again() {
  offset = 0;
  raw_begin = raw_end = 0;
  recognised = false;
  gzip.reset();
  ++restarts;
}

// ---- the face

file_source::file_source(std::unique_ptr<state> opened) : state_(std::move(opened)) {}
file_source::~file_source() = default;
file_source::file_source(file_source&&) noexcept = default;
file_source& file_source::operator=(file_source&&) noexcept = default;

std::expected<file_source, io_error> file_source::open(file_options options) {
  auto made = std::make_unique<state>();
  made->options = std::move(options);
  if (auto opened = made->open(); !opened) return std::unexpected(opened.error());
  return file_source(std::move(made));
}

std::expected<read_result, io_error> file_source::read(std::span<char> into) {
  state& s = *state_;
  const auto recognised = s.recognise();
  if (!recognised) return std::unexpected(recognised.error());
  std::expected<read_result, io_error> result = read_result{};
  if (*recognised) result = s.gzip ? s.read_packed(into) : s.read_plain(into);
  if (!result || result->bytes > 0 || result->ended || !s.followed() || !s.look_for_restart()) return result;
  const bool line_open = s.last_given != '\n';
  s.begin_again();
  if (!line_open) return read_result{};
  into.front() = '\n';
  return s.give(into, 1);
}

file_progress file_source::progress() const { return {state_->bytes_read.load(), state_->bytes_total}; }

std::uint64_t file_source::restarts() const { return state_->restarts.load(); }

}  // namespace weir::stream
