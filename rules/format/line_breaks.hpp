#pragma once

#include <optional>
#include <vector>

#include "rules/format/sentences.hpp"

namespace weir::rules::formatting {

/// For each token of the sentence: the column it begins a new line at, or nothing where it stays on its line. The first
/// token has the sentence's indent.
using line_starts = std::vector<std::optional<std::size_t>>;

/// A condition is broken before `and` and `or`: where its author did, and where it would be too long for a line. A path
/// is broken before its `where`. A comment breaks every sentence it stands in.
line_starts break_lines(const text_pieces& text, const layout& page, const sentence& s);

}  // namespace weir::rules::formatting
