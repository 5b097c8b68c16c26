#include "rules/syntax/spacing.hpp"

#include <array>

#include "rules/syntax/boundaries.hpp"
#include "rules/syntax/vocabulary.hpp"

namespace weir::rules::syntax {

namespace {

/// Words that something must follow: no value ends with them, and a bracket behind them holds no arguments.
constexpr std::array<std::string_view, 19> opening_words = {
    "and", "between", "by",   "for",   "in",   "is",     "match", "no",    "not",   "of",
    "on",  "or",      "over", "prior", "then", "unless", "when",  "where", "within"};

constexpr std::string_view closing_brackets = ")]}";

bool is_symbol(std::string_view token, std::string_view symbols) {
  return token.size() == 1 && symbols.find(token[0]) != std::string_view::npos;
}

/// A sign, not a difference: nothing before it could be its left side.
bool is_sign(const reading& source, std::size_t index) {
  return word_at(source, index) == "-" && (index == 0 || !ends_operand(source, index - 1));
}

bool opens_arguments(const reading& source, std::size_t index) {
  return index > 0 && is_word(source, index - 1) && !contains(opening_words, word_at(source, index - 1));
}

}  // namespace

bool ends_operand(const reading& source, std::size_t index) {
  const token& t = source.tokens[index];
  const std::string_view written = word_at(source, index);
  if (t.kind == token_kind::word) return !contains(opening_words, written);
  if (t.kind == token_kind::symbol) return is_symbol(written, closing_brackets) || written == "?";
  return true;
}

bool stands_apart(const reading& source, std::size_t index) {
  const std::string_view here = word_at(source, index);
  const std::string_view before = word_at(source, index - 1);
  const bool is_number = source.tokens[index].kind == token_kind::number;
  if (would_join(before, here) || (before == "." && is_number)) return true;
  if (is_symbol(here, ")],.?:") || is_symbol(before, "([.")) return false;
  if (here == "(" && opens_arguments(source, index)) return false;
  if (here == "[" && (before == "-" || opens_arguments(source, index))) return false;  // (a) -[x: t]-> (b), table[key]
  if (before == "]" && (here == "-" || here == "->")) return false;
  return !is_sign(source, index - 1);
}

std::string in_one_line(std::string_view text) {
  const reading source{text, 0, scan(text), 0};
  std::string line;
  for (std::size_t i = 0; i < source.tokens.size(); ++i) {
    if (i > 0 && stands_apart(source, i)) line += ' ';
    line += word_at(source, i);
  }
  return line;
}

}  // namespace weir::rules::syntax
