#pragma once

#include <string>
#include <string_view>

namespace weir::rules::formatting {

/// The text in its canonical layout, whether the grammar could read it or not: tokens and comments are the same and in
/// the same order. A text with a token that is none, such as a text literal without its end, stays as it is.
std::string lay_out(std::string_view text);

}  // namespace weir::rules::formatting
