#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "rules/syntax/config.hpp"

namespace weir::rules::formatting {

/// A comment on a line of its own.
struct comment_line {
  std::string_view text;
  bool blank_before = false;  // a blank line, in the text
};

/// A token of the text, and what the layout keeps of its surroundings.
struct piece {
  std::string_view text;
  std::vector<comment_line> before;      // comments on lines of their own
  std::vector<std::string_view> behind;  // a comment on its line; further lines of it stand below, in the same column
  bool new_line = false;                 // the first of its line, in the text
  bool blank_before = false;             // a blank line before it, behind the comments
};

/// A text in pieces: one for each token that is no comment, and an empty one at the end, which has the last comments.
struct text_pieces {
  syntax::reading source;  // without comments; its tokens have the pieces' indices
  std::vector<piece> pieces;

  std::size_t size() const { return source.tokens.size(); }
  std::string_view word(std::size_t index) const { return pieces[index].text; }
};

/// In columns: one for each character.
std::size_t width_of(std::string_view text);

text_pieces take_apart(std::string_view text);

}  // namespace weir::rules::formatting
