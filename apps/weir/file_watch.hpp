#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace weir::app {

/// Looks at files: have they been written since it looked last?
class file_watch {
 public:
  explicit file_watch(const std::vector<std::string>& paths);

  /// Asks the file system for the time and size of each file; reads none. True the first time, if there are any: since
  /// they were read a file may have changed.
  bool any_changed();

 private:
  struct look {
    std::filesystem::file_time_type written{};
    std::uintmax_t size = 0;  // what a file that is not there has is no file's

    friend bool operator==(const look&, const look&) = default;
  };
  struct watched {
    std::string path;
    look last;
  };

  static look look_at(const std::string& path);

  std::vector<watched> files_;
};

}  // namespace weir::app
