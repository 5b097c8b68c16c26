#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "rules/syntax/config.hpp"

// A rule file's outline, from its tokens alone: where declarations, clauses, steps and lines of tests begin and end. It
// takes any text, in error or not, and knows no construct by more than its first words; so it stays as it is while the
// grammar grows. What it says of a file that the grammar reads is right but for names that pose as clauses.
namespace weir::rules::syntax {

/// Tokens [first, last) of a reading.
struct token_range {
  std::size_t first = 0;
  std::size_t last = 0;

  bool empty() const { return first == last; }
  bool contains(std::size_t index) const { return first <= index && index < last; }
  friend bool operator==(const token_range&, const token_range&) = default;
};

struct declaration_shape {
  token_range all;
  token_range head;                  // of an event, a rule: up to the body's `{`, without it; of the others: all
  std::vector<token_range> clauses;  // of a rule
};

/// Every token of the text is in one declaration; words that begin none are a declaration by themselves.
std::vector<declaration_shape> declarations_of(const reading& source);

/// The parts of a `match`: its steps, each from its `match` or `then`, and its `within`.
std::vector<token_range> match_parts(const reading& source, token_range clause);

/// The lines of a `test`, without its braces.
std::vector<token_range> test_lines(const reading& source, token_range clause);

/// The fields between the braces that token `open` opens: `name: value`, `from, to: type`.
std::vector<token_range> braced_fields(const reading& source, std::size_t open);

/// The bracket that closes the one at `open`, any of `(`, `[`, `{`; `last` if none before it does.
std::size_t closing_bracket(const reading& source, std::size_t open, std::size_t last);

}  // namespace weir::rules::syntax
