#pragma once

#include <optional>
#include <string>

#include "rules/index.hpp"

namespace weir::rules {

/// What an editor shows about a place, as Markdown.
struct hover {
  source_span where;
  std::string text;
};

/// What stands at byte `offset`: a name with its declaration and the comment above that, or a word of the language with
/// how it is written and what it does. Nothing where there is neither.
std::optional<hover> hover_at(const symbol_index& index, std::uint32_t file, std::size_t offset);

}  // namespace weir::rules
