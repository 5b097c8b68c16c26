#include "apps/weir/file_watch.hpp"

#include <system_error>

namespace weir::app {

file_watch::file_watch(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) files_.push_back({path, {}});
}

bool file_watch::any_changed() {
  bool changed = false;
  for (watched& file : files_) {
    const look now = look_at(file.path);
    changed = changed || now != file.last;
    file.last = now;
  }
  return changed;
}

file_watch::look file_watch::look_at(const std::string& path) {
  std::error_code error;
  look seen;
  seen.written = std::filesystem::last_write_time(path, error);
  seen.size = std::filesystem::file_size(path, error);  // -1 where there is none
  return seen;
}

}  // namespace weir::app
