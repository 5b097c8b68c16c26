#include "stream/dstream/open_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <system_error>
#include <utility>

namespace weir::stream {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t number_digits = 20;  // of the largest 64-bit number

std::unexpected<io_error> failure(const std::string& path, const std::string& why) {
  return std::unexpected(io_error{path + ": " + why});
}

std::unexpected<io_error> failure(const std::string& path, int code) {
  return failure(path, std::generic_category().message(code));
}

std::expected<void, io_error> done(const std::string& path, const std::error_code& error) {
  if (error) return failure(path, error.message());
  return {};
}

}  // namespace

std::expected<open_file, io_error> open_file::open(std::string path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, 0644);
  if (descriptor < 0) return failure(path, errno);
  return open_file(std::move(path), descriptor);
}

std::expected<open_file, io_error> open_file::to_read(std::string path) { return open(std::move(path), O_RDONLY); }
std::expected<open_file, io_error> open_file::to_write(std::string path) {
  return open(std::move(path), O_RDWR | O_CREAT);
}

open_file::~open_file() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

open_file::open_file(open_file&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

open_file& open_file::operator=(open_file&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

std::unexpected<io_error> open_file::failed() const { return failure(path_, errno); }

std::expected<std::uint64_t, io_error> open_file::size() const {
  struct stat found{};
  if (::fstat(descriptor_, &found) != 0) return failed();
  return static_cast<std::uint64_t>(found.st_size);
}

std::expected<std::string, io_error> open_file::read(std::uint64_t from, std::uint64_t bytes) const {
  std::string out(bytes, '\0');
  std::size_t have = 0;
  while (have < bytes) {
    const ssize_t count = ::pread(descriptor_, out.data() + have, bytes - have, static_cast<off_t>(from + have));
    if (count == 0) break;
    if (count > 0) {
      have += static_cast<std::size_t>(count);
    } else if (errno != EINTR) {
      return failed();
    }
  }
  out.resize(have);
  return out;
}

std::expected<void, io_error> open_file::write(std::uint64_t at, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
      at += static_cast<std::uint64_t>(count);
    } else if (errno != EINTR) {
      return failed();
    }
  }
  return {};
}

std::expected<void, io_error> open_file::truncate(std::uint64_t bytes) {
  if (::ftruncate(descriptor_, static_cast<off_t>(bytes)) != 0) return failed();
  return {};
}

std::expected<void, io_error> open_file::sync() {
  if (::fdatasync(descriptor_) != 0) return failed();
  return {};
}

std::expected<void, io_error> make_folder(const std::string& path) {
  std::error_code error;
  const fs::path whole = fs::absolute(path, error).lexically_normal();
  const fs::path folder = whole.has_filename() ? whole : whole.parent_path();  // without a slash at its end
  if (fs::is_directory(folder, error)) return {};
  if (auto made = make_folder(folder.parent_path().string()); !made) return made;
  fs::create_directory(folder, error);
  if (error) return failure(path, error.message());
  return sync_folder(folder.parent_path().string());
}

std::expected<open_file, io_error> lock_folder(const std::string& path) {
  if (auto made = make_folder(path); !made) return std::unexpected(made.error());
  auto file = open_file::to_write(path + "/lock");
  if (!file || ::flock(file->descriptor_, LOCK_EX | LOCK_NB) == 0) return file;
  if (errno == EWOULDBLOCK) return failure(path, "in use by another process");
  return file->failed();
}

std::expected<void, io_error> sync_folder(const std::string& path) {
  auto folder = open_file::to_read(path);
  if (!folder) return std::unexpected(folder.error());
  return folder->sync();
}

std::expected<std::vector<std::string>, io_error> names_in(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    names.push_back(it->path().filename().string());
  }
  if (error) return failure(folder, error.message());
  std::ranges::sort(names);
  return names;
}

std::expected<void, io_error> rename_file(const std::string& from, const std::string& to) {
  std::error_code error;
  fs::rename(from, to, error);
  return done(to, error);
}

std::expected<void, io_error> remove_file(const std::string& path) {
  std::error_code error;
  fs::remove(path, error);
  return done(path, error);
}

std::string numbered_name(std::string_view before, std::uint64_t number, std::string_view after) {
  const std::string digits = std::to_string(number);
  return std::string(before) + std::string(number_digits - digits.size(), '0') + digits + std::string(after);
}

std::optional<std::uint64_t> number_in(std::string_view name, std::string_view before, std::string_view after) {
  if (name.size() != before.size() + number_digits + after.size()) return {};
  if (!name.starts_with(before) || !name.ends_with(after)) return {};
  const std::string_view digits = name.substr(before.size(), number_digits);
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.begin(), digits.end(), number);
  if (error != std::errc{} || end != digits.end()) return {};
  return number;
}

}  // namespace weir::stream
