#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace weir::testing {

/// A folder that is gone with its owner.
class temporary_folder {
 public:
  temporary_folder();
  ~temporary_folder();
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  /// Writes a file, or adds to it, and gives its path.
  std::string write(const std::string& name, std::string_view bytes) const;
  void append(const std::string& name, std::string_view bytes) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace weir::testing
