#pragma once

#include <string>
#include <vector>

namespace weir::app::lsp {

/// The `rules` of the `weir.toml` that stands in the folder of a file, or in the nearest one above; none where there is
/// no such file, or one in error.
std::vector<std::string> project_rules(const std::string& path);

}  // namespace weir::app::lsp
