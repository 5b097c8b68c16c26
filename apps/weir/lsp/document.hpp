#pragma once

#include <string>

#include "apps/weir/lsp/rpc.hpp"
#include "rules/diagnostic.hpp"
#include "rules/text_position.hpp"

namespace weir::app::lsp {

/// A file that is open in the editor. What it holds may differ from what is on disk, and is what counts.
struct document {
  std::string uri;  // as the editor spells it
  std::string path;
  int version = 0;
  std::string text;
};

rules::text_position position_in(const json& written);

/// Takes a `TextDocumentContentChangeEvent` into a text: the whole of it, or a range that is replaced. Places beyond
/// the end of a line or of the text are at that end.
void apply_change(std::string& text, const json& change);

/// What turns one text into another, as `TextEdit`s: one for the lines that differ, or none.
json edits_between(const std::string& before, const std::string& after);

}  // namespace weir::app::lsp
