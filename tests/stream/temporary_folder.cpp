#include "temporary_folder.hpp"

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace weir::testing {

temporary_folder::temporary_folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "weir-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = pattern;
}

temporary_folder::~temporary_folder() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string temporary_folder::write(const std::string& name, std::string_view bytes) const {
  std::ofstream(path(name), std::ios::binary | std::ios::trunc) << bytes;
  return path(name);
}

void temporary_folder::append(const std::string& name, std::string_view bytes) const {
  std::ofstream(path(name), std::ios::binary | std::ios::app) << bytes;
}

}  // namespace weir::testing
