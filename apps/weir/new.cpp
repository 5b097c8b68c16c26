#include "apps/weir/new.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "apps/weir/starter_files.hpp"

namespace weir::app {

namespace {

namespace fs = std::filesystem;

void require_free(const fs::path& folder) {
  for (const auto& file : starter_files()) {
    const auto path = folder / file.path;
    if (!fs::exists(fs::symlink_status(path))) continue;
    throw failure(exit_code::usage, fmt::format("{} is there already, and nothing is overwritten: name another folder",
                                                path.lexically_normal().string()));
  }
}

void write(const fs::path& path, std::string_view text) {
  if (const auto folder = path.parent_path(); !folder.empty()) {
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed) throw failure(exit_code::io, fmt::format("{}: {}", folder.string(), failed.message()));
  }
  std::ofstream file(path, std::ios::binary);
  file << text << std::flush;
  if (!file) throw failure(exit_code::io, fmt::format("{}: {}", path.string(), std::strerror(errno)));
}

exit_code create(const std::string& named) {
  const auto folder = fs::path(named);
  require_free(folder);
  for (const auto& file : starter_files()) {
    const auto path = (folder / file.path).lexically_normal();
    write(path, file.text);
    fmt::print("{}\n", path.string());
  }
  fmt::print("Read {} on how to go on.\n", (folder / "README.md").lexically_normal().string());
  return exit_code::done;
}

}  // namespace

void add_new(CLI::App& app, exit_code& result) {
  auto* verb = app.add_subcommand("new", "Write a project to begin with: rules, their tests, data, configuration");
  auto folder = std::make_shared<std::string>(".");  // lives as long as the callback that CLI11 keeps
  verb->add_option("DIR", *folder, "Where to; it is made if it is not there")->capture_default_str();
  verb->footer("weir new my-rules");
  verb->callback([folder, &result] { result = create(*folder); });
}

}  // namespace weir::app
