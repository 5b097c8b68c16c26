#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir::sigma {

/// A Sigma text taken apart: what stands there, and its wildcards.
struct text_pattern {
  /// A literal, any text, any character, any of the dashes and slashes that options of Windows begin with.
  enum class wildcard : unsigned char { none, any, one, dash };
  struct piece {
    wildcard stands_for = wildcard::none;
    std::string text;

    friend bool operator==(const piece&, const piece&) = default;
  };

  std::vector<piece> pieces;  // never two literals, nor two `*`, side by side

  void append(std::string_view literal);
  void append(wildcard w);
};

/// `*` is any text, `?` any character; a backslash before one of them, or before a backslash, takes its meaning.
text_pattern read_pattern(std::string_view written);

/// The condition in Weir's language that the text of `operand` fits the pattern as a whole. Unless `cased`, letters
/// count the same whether small or large.
std::string fits_text(const std::string& operand, const text_pattern& pattern, bool cased);

}  // namespace weir::sigma
