#include "apps/weir/lsp/project.hpp"

#include <filesystem>

#include "apps/weir/config.hpp"

namespace weir::app::lsp {

namespace fs = std::filesystem;

std::vector<std::string> project_rules(const std::string& path) {
  if (!path.starts_with('/')) return {};
  for (auto folder = fs::path(path).parent_path();; folder = folder.parent_path()) {
    const auto file = folder / "weir.toml";
    std::error_code failed;
    if (fs::is_regular_file(file, failed)) {
      auto project = load_config(file.string());
      if (!project) return {};
      for (auto& rules : project->rules) rules = fs::path(rules).lexically_normal().string();
      return std::move(project->rules);
    }
    if (folder == folder.parent_path()) return {};
  }
}

}  // namespace weir::app::lsp
