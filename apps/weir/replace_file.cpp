#include "apps/weir/replace_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include <fmt/format.h>

#include "apps/weir/exit_code.hpp"

namespace weir::app {

namespace {

/// A file beside the one to replace, gone when it did not take its place.
class file_beside {
 public:
  explicit file_beside(const std::filesystem::path& target) : target_(target), path_(target.string() + ".XXXXXX") {
    descriptor_ = ::mkstemp(path_.data());
    if (descriptor_ < 0) fail();
  }
  ~file_beside() {
    if (descriptor_ < 0) return;
    ::close(descriptor_);
    ::unlink(path_.c_str());
  }
  file_beside(const file_beside&) = delete;
  file_beside& operator=(const file_beside&) = delete;

  void write(std::string_view text) {
    while (!text.empty()) {
      const auto written = ::write(descriptor_, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail();
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  void take_place() {
    struct stat replaced{};
    if (::stat(target_.c_str(), &replaced) == 0 && ::fchmod(descriptor_, replaced.st_mode & 07777) != 0) fail();
    if (::fdatasync(descriptor_) != 0 || ::rename(path_.c_str(), target_.c_str()) != 0) fail();
    ::close(descriptor_);
    descriptor_ = -1;
  }

 private:
  [[noreturn]] void fail() const {
    throw failure(exit_code::io, fmt::format("{}: {}", target_.string(), std::strerror(errno)));
  }

  std::filesystem::path target_;
  std::string path_;
  int descriptor_ = -1;
};

}  // namespace

void replace_file(const std::string& path, std::string_view text) {
  std::error_code unresolved;
  const auto target = std::filesystem::canonical(path, unresolved);
  if (unresolved) throw failure(exit_code::io, fmt::format("{}: {}", path, unresolved.message()));
  file_beside file(target);
  file.write(text);
  file.take_place();
}

}  // namespace weir::app
