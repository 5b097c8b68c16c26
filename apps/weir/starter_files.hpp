#pragma once

#include <span>
#include <string_view>

namespace weir::app {

/// A file of apps/weir/starter, as it was when the command was built.
struct starter_file {
  std::string_view path;  // in the project: "rules/first.weir"
  std::string_view text;
};

/// What `weir new` writes.
std::span<const starter_file> starter_files();

}  // namespace weir::app
