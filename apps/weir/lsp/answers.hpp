#pragma once

#include <functional>
#include <string>

#include "apps/weir/lsp/rpc.hpp"
#include "apps/weir/lsp/workspace.hpp"
#include "rules/completion.hpp"
#include "rules/hover.hpp"

// What the server knows, in the protocol's shapes.
// Source: Language Server Protocol 3.17.
namespace weir::app::lsp {

/// How the editor spells the URI of a file.
using uri_speller = std::function<std::string(const std::string& path)>;

json diagnostics_json(const file_findings& file, const std::string& uri);
json hover_json(const rules::hover& shown, const std::string& text);
json completions_json(const std::vector<rules::completion>& offered);
json location_json(const rules::symbol_index& index, const rules::source_span& where, const uri_speller& uri);

/// An outline of one file: with what its declarations hold, if `nested`, else as a flat list.
json symbols_json(const indexed_file& file, const std::string& uri, bool nested);

}  // namespace weir::app::lsp
