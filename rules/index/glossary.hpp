#pragma once

#include <cstdint>
#include <span>
#include <string_view>

// The words of the language and what they mean, as an editor explains them.
namespace weir::rules::indexing {

enum class term_kind : std::uint8_t {
  declaration,
  clause,
  step,  // `then`, `no`, `all of`: what a match is made of
  word,  // any other word with a place of its own
  aggregate,
  function,
  graph_function,
  type,
};

struct term {
  std::string_view word;
  term_kind kind{};
  std::string_view signature;  // how it is written
  std::string_view meaning;    // a sentence or two
};

std::span<const term> terms();

/// The term of this word and kind, or null.
const term* find_term(std::string_view word, term_kind kind);

}  // namespace weir::rules::indexing
