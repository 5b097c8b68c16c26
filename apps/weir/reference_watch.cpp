#include "apps/weir/reference_watch.hpp"

#include <system_error>

namespace weir::app {

reference_watch::reference_watch(const rules::program& rules) {
  for (const auto& list : rules.lists) files_.push_back({list.file.path, {}});
  for (const auto& table : rules.tables) files_.push_back({table.file.path, {}});
}

bool reference_watch::any_changed() {
  bool changed = false;
  for (watched& file : files_) {
    const look now = look_at(file.path);
    changed = changed || now != file.last;
    file.last = now;
  }
  return changed;
}

reference_watch::look reference_watch::look_at(const std::string& path) {
  std::error_code error;
  look seen;
  seen.written = std::filesystem::last_write_time(path, error);
  seen.size = std::filesystem::file_size(path, error);  // -1 where there is none
  return seen;
}

}  // namespace weir::app
