#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir::testing {

/// The text's tokens and comments, in order.
std::vector<std::string> tokens_and_comments(std::string_view text);

/// What the layout of a text owes it, whatever the text: the same tokens and comments in the same order, and nothing
/// left to do for a second layout. Empty if it keeps that; otherwise what it does instead.
std::string broken_layout_promise(std::string_view text);

}  // namespace weir::testing
