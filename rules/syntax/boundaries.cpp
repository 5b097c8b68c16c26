#include "rules/syntax/boundaries.hpp"

#include <string>

#include "rules/diagnostic.hpp"
#include "rules/syntax/vocabulary.hpp"

namespace weir::rules::syntax {

namespace {

/// Whether a clause's or a declaration's first word may be followed by this token: no operator, no other clause.
bool may_follow(const reading& source, std::size_t index) {
  const std::string_view word = word_at(source, index);
  if (is_word(source, index)) return !contains(reserved_words, word) && word != "in" && !contains(clause_words, word);
  return !word.empty() && (is_digit(word[0]) || word[0] == '"');
}

template <std::size_t N>
bool is_near(std::string_view word, const std::array<std::string_view, N>& words) {
  constexpr std::size_t too_short = 3;  // to be a slip of the hand rather than another word
  if (word.size() <= too_short || contains(reserved_words, word) || contains(other_words, word)) return false;
  // `mode` is no `model`.
  if (!contains(words, word) && (contains(clause_words, word) || contains(declaration_words, word))) return false;
  return !nearest(word, std::vector<std::string>(words.begin(), words.end())).empty();
}

}  // namespace

std::string_view word_at(const reading& source, std::size_t index) {
  if (index >= source.tokens.size()) return {};
  const token& t = source.tokens[index];
  return source.text.substr(t.begin, t.end - t.begin);
}

bool is_word(const reading& source, std::size_t index) {
  return index < source.tokens.size() && source.tokens[index].kind == token_kind::word;
}

bool begins_declaration(const reading& source, std::size_t index) {
  const std::string_view first = word_at(source, index);
  if (first == "import") return word_at(source, index + 1).starts_with('"');
  if (!contains(declaration_words, first)) return false;
  return may_follow(source, index + 1);
}

bool begins_clause(const reading& source, std::size_t index) {
  const std::string_view first = word_at(source, index);
  if (!contains(clause_words, first)) return false;
  return contains(reserved_words, first) || may_follow(source, index + 1);
}

bool seems_to_begin_declaration(const reading& source, std::size_t index) {
  return is_word(source, index) && is_word(source, index + 1) && is_near(word_at(source, index), declaration_words);
}

bool seems_to_begin_clause(const reading& source, std::size_t index) {
  return is_word(source, index) && may_follow(source, index + 1) && is_near(word_at(source, index), clause_words);
}

}  // namespace weir::rules::syntax
