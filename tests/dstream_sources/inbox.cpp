#include "inbox.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <array>
#include <filesystem>

namespace weir::testing {

inbox::inbox() { std::filesystem::create_directory(path()); }

void inbox::put(const std::string& name, std::string_view text, int written_seconds) const {
  const std::string written = folder_.write("written", text);
  const std::array<timespec, 2> times{timespec{.tv_sec = written_seconds, .tv_nsec = 0},
                                      timespec{.tv_sec = written_seconds, .tv_nsec = 0}};
  ::utimensat(AT_FDCWD, written.c_str(), times.data(), 0);
  std::filesystem::rename(written, path(name));
}

void inbox::remove(const std::string& name) const { std::filesystem::remove(path(name)); }

}  // namespace weir::testing
