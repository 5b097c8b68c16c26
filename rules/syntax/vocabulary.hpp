#pragma once

#include <algorithm>
#include <array>
#include <string_view>

// The words that the grammar, its errors and the recovery from them need to know.
namespace weir::rules::syntax {

/// Words that would be ambiguous as a name. `in` is none: it is an operator only behind an operand.
inline constexpr std::array<std::string_view, 16> reserved_words = {
    "and", "between", "false", "is",   "match",  "no",   "not",   "on",
    "or",  "over",    "then",  "true", "unless", "when", "where", "within"};

inline constexpr std::array<std::string_view, 10> declaration_words = {"entity", "event", "param", "list",   "table",
                                                                       "model",  "graph", "let",   "import", "rule"};

inline constexpr std::array<std::string_view, 13> clause_words = {"severity", "score", "tags",   "mode", "on",
                                                                  "match",    "when",  "unless", "emit", "suppress",
                                                                  "reason",   "raise", "test"};

/// Other words with a place of their own: what a misspelt word may have been meant to be.
inline constexpr std::array<std::string_view, 26> other_words = {
    "alert", "alerts",  "and",   "at",    "between", "by",    "events", "expect",   "for",
    "from",  "keep",    "least", "limit", "next",    "of",    "or",     "optional", "order",
    "over",  "refresh", "some",  "then",  "version", "where", "within"};

template <std::size_t N>
constexpr bool contains(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

}  // namespace weir::rules::syntax
