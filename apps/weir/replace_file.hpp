#pragma once

#include <string>
#include <string_view>

namespace weir::app {

/// Gives the file at `path` another content, whole or not at all: whoever reads it, also after a crash, sees the old
/// text or the new one. A link stays a link, and the file keeps its permissions. Throws `failure` when it can't be
/// written; then it is as it was.
void replace_file(const std::string& path, std::string_view text);

}  // namespace weir::app
