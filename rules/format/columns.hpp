#pragma once

#include "rules/format/sentences.hpp"

namespace weir::rules::formatting {

/// Widens gaps so that what belongs together stands in columns: names and values of neighbouring declarations, the
/// events of a match, the fields of a test's events. Sentences with a comment inside take no part.
void align(const text_pieces& text, layout& page);

}  // namespace weir::rules::formatting
