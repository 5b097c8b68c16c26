#pragma once

#include <string>
#include <string_view>

namespace weir::app::lsp {

/// The path that a document's URI names: "file:///rules/a%20b.weir" is "/rules/a b.weir". Another URI ("untitled:1") is
/// its own path: nothing stands there on disk.
std::string path_of_uri(std::string_view uri);

std::string uri_of_path(std::string_view path);

}  // namespace weir::app::lsp
