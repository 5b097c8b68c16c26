#pragma once

#include <algorithm>
#include <initializer_list>

#include "rules/index/definitions.hpp"

namespace weir::rules::indexing {

inline bool is_any(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

/// A place in a file that is being written: what stands before it, without the word that is begun there.
struct place {
  outlined_file file;
  bool at_line_begin = false;
  bool in_comment = false;
  bool in_text = false;

  std::size_t end() const { return file.source.tokens.size(); }

  /// The last word, or the one so many before it.
  std::string_view last(std::size_t steps = 1) const { return end() >= steps ? file.word(end() - steps) : ""; }

  /// A value, a name or a type is complete: an operator may follow, or something new.
  bool operand_ended() const;
  bool ends_with_number() const;
  bool ends_with_duration() const;

  /// Whether brackets opened since the first of these tokens are open.
  bool is_open(const syntax::token_range& tokens) const;

  /// Whether a token stands among these.
  bool has(const syntax::token_range& tokens, std::string_view token) const;

  /// The bracket that was opened last and is open; `end()` if there is none.
  std::size_t open_bracket() const;
};

/// The place at byte `offset` of a file. The text is that of `cut`, which is written to and must outlive the place.
place place_at(const source_file& file, std::uint32_t number, std::size_t offset, std::string& cut);

}  // namespace weir::rules::indexing
