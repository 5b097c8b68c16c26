#include "rules/syntax/error_handler.hpp"

#include <utility>

#include "rules/syntax/elsewhere.hpp"
#include "rules/syntax/habits.hpp"
#include "rules/syntax/literals.hpp"
#include "rules/syntax/vocabulary.hpp"

namespace weir::rules::syntax {

namespace {

constexpr std::string_view capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

std::string quoted(std::string_view words) { return '`' + std::string(words) + '`'; }

/// X3 names a literal with quotes of its own: '{' or "!=".
std::string in_our_words(std::string_view what) {
  const bool literal = what.size() > 2 && (what.front() == '\'' || what.front() == '"') && what.back() == what.front();
  return literal ? quoted(what.substr(1, what.size() - 2)) : std::string(what);
}

bool is_control(char c) { return (c >= 0 && c < ' ') || c == 0x7F; }

bool is_name(std::string_view what) {
  for (const std::string_view sign : {"name", "a field such", "a subject", "a parameter", "a label"}) {
    if (what.find(sign) != std::string_view::npos) return true;
  }
  return false;
}

bool is_word_of_language(std::string_view word) {
  return contains(reserved_words, word) || contains(declaration_words, word) || contains(clause_words, word) ||
         contains(other_words, word);
}

/// The words in back quotes in `what`, and those that other places of the language know.
std::vector<std::string> words_possible(std::string_view what) {
  std::vector<std::string> words;
  for (std::size_t open = what.find('`'); open != std::string_view::npos; open = what.find('`', open + 1)) {
    const std::size_t close = what.find('`', open + 1);
    if (close == std::string_view::npos) break;
    words.emplace_back(what.substr(open + 1, close - open - 1));
    open = close;
  }
  words.insert(words.end(), other_words.begin(), other_words.end());
  return words;
}

std::string hint_for_stray(std::string_view sign) {
  static constexpr std::pair<std::string_view, std::string_view> hints[] = {
      {"==", "equality is written `=`"},
      {"=>", "write `>=`"},
      {"=<", "write `<=`"},
      {"<>", "inequality is written `!=`"},
      {"!", "write `not`, or `!=` for inequality"},
      {"&&", "write `and`"},
      {"||", "write `or`"},
      {"//", "a comment begins with `#`"},
      {"/*", "a comment begins with `#`"},
      {";", "nothing separates clauses but blanks"},
      {"'", "a text stands in double quotes"},
  };
  for (const auto& [known, hint] : hints) {
    if (known == sign) return std::string(hint);
  }
  if (!sign.empty() && (sign[0] & 0x80) != 0) return "names are made of the letters a to z, digits and `_`";
  return "";
}

std::string hint_for_number(std::string_view number) {
  const std::size_t digits = number.find_first_not_of("0123456789_.");
  if (is_number(number.substr(0, digits)) && number.find_first_not_of(capitals, digits) == std::string_view::npos) {
    return "a blank stands before a currency: " + std::string(number.substr(0, digits)) + " EUR";
  }
  const std::size_t letters = std::min(digits, number.size());
  if (const std::string_view unit = unit_here(number.substr(letters)); !unit.empty() && letters > 0) {
    if (number.find('.') == std::string_view::npos) {
      return "write " + std::string(number.substr(0, letters)) + std::string(unit);
    }
  }
  if (number.substr(letters) == "k" || number.substr(letters) == "K") {
    return "write it out: " + std::string(number.substr(0, letters)) + "_000";
  }
  const bool unit_behind = std::string_view("smhdw").find(number.back()) != std::string_view::npos;
  if (unit_behind && number.find('.') != std::string_view::npos) {
    return "a duration is made of whole numbers: 1h30m, not 1.5h";
  }
  return "numbers are like 5_000 or 0.9, durations like 10m or 1h30m; anything else stands in double quotes";
}

/// A question that names the candidate meant, if there is one.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  constexpr std::size_t too_short = 2;  // to be a slip of the hand rather than another word
  if (word.size() <= too_short) return "";
  const std::string_view meant = nearest(word, candidates);
  return meant.empty() || meant == word ? "" : "did you mean " + quoted(meant) + '?';
}

}  // namespace

std::string_view error_handler::written(std::size_t index) const {
  const token& t = source_.tokens[index];
  return source_.text.substr(t.begin, t.end - t.begin);
}

diagnostic error_handler::at(std::uint32_t begin, std::uint32_t end, std::string message, std::string hint) const {
  const source_span where{file_, source_.offset + begin, source_.offset + end};
  return {diagnostic_level::error, where, std::move(message), std::move(hint)};
}

diagnostic error_handler::at_token(std::size_t index, std::string message, std::string hint) const {
  const token& t = source_.tokens[index];
  return at(t.begin, t.end, std::move(message), std::move(hint));
}

diagnostic error_handler::behind_token(std::size_t index, std::string message, std::string hint) const {
  const std::uint32_t end = source_.tokens[index].end;
  return at(end, end, std::move(message), std::move(hint));
}

diagnostic error_handler::refused(const refusal& reason) const {
  const std::uint32_t begin = source_.position(reason.begin);
  const std::uint32_t end = source_.position(reason.end);
  if (begin < end) return at(begin, end, reason.message, reason.hint);
  const std::size_t index = token_at(source_.tokens, begin);
  if (index == source_.tokens.size()) return at(begin, begin, reason.message, reason.hint);
  return at_token(index, reason.message, reason.hint);
}

diagnostic error_handler::expected(iterator where, std::string_view what) const {
  const std::uint32_t position = source_.position(where);
  const std::size_t index = token_at(source_.tokens, position);
  if (what == escape_expected || what == text_end_expected) return in_text(position);
  const bool at_end = index == source_.tokens.size();
  if (!at_end && is_malformed(index)) return malformed(index);
  std::string message = "expected " + in_our_words(what) + after(index);
  if (is_missing_before(index)) {
    if (index > 0)
      return behind_token(index - 1, std::move(message), hint_for_habit(source_, index, in_our_words(what)));
    return at(0, 0, std::move(message), "");
  }
  return at_token(index, std::move(message), hint_for(index, what));
}

diagnostic error_handler::unexpected(std::size_t index, std::string_view what,
                                     const std::vector<std::string>& candidates) const {
  if (is_malformed(index)) return malformed(index);
  const std::string_view word = written(index);
  std::string hint = hint_for_habit(source_, index, "");
  if (hint.empty() && source_.tokens[index].kind == token_kind::word) hint = did_you_mean(word, candidates);
  if (hint.empty()) hint = hint_for_name_behind(source_, index);
  if (parts_digits(index)) hint = "digits are grouped by `_`, as in 1_000";
  return at_token(index, "expected " + std::string(what) + ", not " + quoted(word), std::move(hint));
}

/// Whether the token is a comma as in 1,000.
bool error_handler::parts_digits(std::size_t index) const {
  const std::vector<token>& tokens = source_.tokens;
  if (written(index) != "," || index == 0 || index + 1 == tokens.size()) return false;
  const bool numbers = tokens[index - 1].kind == token_kind::number && tokens[index + 1].kind == token_kind::number;
  return numbers && tokens[index - 1].end == tokens[index].begin && tokens[index].end == tokens[index + 1].begin;
}

bool error_handler::is_malformed(std::size_t index) const {
  const token_kind kind = source_.tokens[index].kind;
  return kind == token_kind::open_text || kind == token_kind::bad_number || kind == token_kind::stray;
}

diagnostic error_handler::malformed(std::size_t index) const {
  const std::string_view word = written(index);
  switch (source_.tokens[index].kind) {
    case token_kind::open_text:
      return at_token(index, "this text has no closing quote", "a text ends on the line where it begins");
    case token_kind::bad_number:
      return at_token(index, quoted(word) + " is neither a number nor a duration", hint_for_number(word));
    default:
      if (is_control(word[0])) return at_token(index, "a control character means nothing here");
      break;
  }
  std::string hint = hint_for_habit(source_, index, "");
  if (hint.empty()) hint = hint_for_stray(word);
  return at_token(index, quoted(word) + " means nothing here", std::move(hint));
}

/// A text that could not be read on from `position`: it is open, or an escape stands there.
diagnostic error_handler::in_text(std::uint32_t position) const {
  const std::size_t index = token_at(source_.tokens, position - 1);
  if (is_malformed(index)) return malformed(index);
  std::uint32_t end = position + 1;
  while (end < source_.text.size() && (source_.text[end] & 0xC0) == 0x80) ++end;
  const std::string_view escape = source_.text.substr(position - 1, end - position + 1);
  return at(position - 1, end, quoted(escape) + " is no escape", R"(a text knows \" \\ \n \t and \{)");
}

std::string error_handler::after(std::size_t index) const {
  constexpr std::size_t long_word = 32;
  if (index == 0) return "";
  const std::string_view before = written(index - 1);
  if (source_.tokens[index - 1].kind == token_kind::text) return " after the text";
  return before.size() > long_word ? "" : " after " + quoted(before);
}

/// Whether the token begins what comes next, so that the error is rather what is not there.
bool error_handler::is_missing_before(std::size_t index) const {
  if (index == source_.tokens.size()) return true;
  if (!source_.tokens[index].first_on_line) return false;
  const std::string_view word = written(index);
  return word == "}" || word == ")" || word == "expect" || contains(reserved_words, word) ||
         contains(clause_words, word) || contains(declaration_words, word);
}

std::string error_handler::hint_for(std::size_t index, std::string_view what) const {
  const token& found = source_.tokens[index];
  const std::string_view word = written(index);
  if (std::string hint = hint_for_habit(source_, index, in_our_words(what)); !hint.empty()) return hint;
  if (found.kind != token_kind::word) return "";
  if (is_name(what)) {
    return contains(reserved_words, word) ? quoted(word) + " is a word of the language and cannot be a name" : "";
  }
  if (is_word_of_language(word)) return "";
  return did_you_mean(word, words_possible(what));
}

}  // namespace weir::rules::syntax
