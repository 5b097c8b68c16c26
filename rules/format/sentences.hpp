#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "rules/format/pieces.hpp"
#include "rules/syntax/shape.hpp"

namespace weir::rules::formatting {

inline constexpr std::size_t line_width = 100;
inline constexpr std::size_t indent_width = 2;

enum class sentence_kind : std::uint8_t { declaration, clause, step, test_event, opening, closing };

/// What stands on a line of its own, or on several where one is too short for it.
struct sentence {
  syntax::token_range tokens;
  sentence_kind kind{};
  std::size_t indent = 0;
  std::size_t group = 0;        // of a step: its match. Of the others: sentences of one block
  bool first_in_block = false;  // no blank line before it
  bool stands_alone = false;    // a blank line before it, always
};

/// A text as it is laid out: its sentences, which have every token in order, and the blanks before each token that is
/// not the first of a line.
struct layout {
  std::vector<sentence> sentences;
  std::vector<std::size_t> gaps;

  /// Columns from the sentence's first token to `last`, without that, if all were on one line.
  std::size_t width(const text_pieces& text, std::size_t first, std::size_t last) const;
};

layout sentences_of(const text_pieces& text);

/// True if a comment stands inside the sentence, so that it can't be on one line.
bool has_inner_comment(const text_pieces& text, const syntax::token_range& tokens);

}  // namespace weir::rules::formatting
