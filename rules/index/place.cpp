#include "rules/index/place.hpp"

#include <algorithm>

#include "rules/syntax/boundaries.hpp"
#include "rules/syntax/spacing.hpp"
#include "rules/syntax/vocabulary.hpp"

namespace weir::rules::indexing {

namespace {

using syntax::token_kind;

bool is_in_comment(std::string_view line) {
  bool in_text = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\' && in_text) {
      ++i;
    } else if (line[i] == '"') {
      in_text = !in_text;
    } else if (line[i] == '#' && !in_text) {
      return true;
    }
  }
  return false;
}

int opens(std::string_view token) {
  if (is_any(token, {"(", "[", "{"})) return 1;
  return is_any(token, {")", "]", "}"}) ? -1 : 0;
}

/// Whether the last word begins a clause or a declaration, of which nothing else is there yet.
bool ends_with_beginning(const outlined_file& file) {
  const auto& tokens = file.source.tokens;
  if (tokens.empty() || tokens.back().kind != token_kind::word) return false;
  const auto last = file.word(tokens.size() - 1);
  const bool begins = tokens.back().first_on_line || (tokens.size() > 1 && file.word(tokens.size() - 2) == "{");
  return begins && (syntax::contains(syntax::clause_words, last) || syntax::contains(syntax::declaration_words, last));
}

/// What a clause's first word begins is seen by what follows it.
void outline_with_a_word_behind(outlined_file& file) {
  const auto longer = std::string(file.source.text) + " _";
  file.declarations = syntax::declarations_of({longer, 0, syntax::scan(longer), 0});
}

}  // namespace

bool place::operand_ended() const { return end() > 0 && syntax::ends_operand(file.source, end() - 1); }

bool place::ends_with_number() const {
  return end() > 0 && file.source.tokens.back().kind == token_kind::number && syntax::is_number(last());
}

bool place::ends_with_duration() const {
  return end() > 0 && file.source.tokens.back().kind == token_kind::number && syntax::is_duration(last());
}

bool place::is_open(const syntax::token_range& tokens) const {
  int level = 0;
  for (std::size_t i = tokens.first; i < end(); ++i) level += opens(file.word(i));
  return level > 0;
}

bool place::has(const syntax::token_range& tokens, std::string_view token) const {
  for (std::size_t i = tokens.first; i < std::min(tokens.last, end()); ++i) {
    if (file.word(i) == token) return true;
  }
  return false;
}

std::size_t place::open_bracket() const {
  int level = 0;
  for (std::size_t i = end(); i-- > 0;) {
    level += opens(file.word(i));
    if (level > 0) return i;
  }
  return end();
}

place place_at(const source_file& file, std::uint32_t number, std::size_t offset, std::string& cut) {
  std::size_t end = std::min(offset, file.text.size());
  while (end > 0 && syntax::is_word_part(file.text[end - 1])) --end;
  cut = file.text.substr(0, end);
  const auto line = std::string_view(cut).substr(cut.rfind('\n') + 1);  // npos + 1 is 0
  const syntax::reading source{cut, 0, syntax::scan(cut), 0};
  place here{{number, source, syntax::declarations_of(source)},
             std::ranges::all_of(line, syntax::is_blank),
             is_in_comment(line),
             false};
  const auto& tokens = here.file.source.tokens;
  here.in_text = !tokens.empty() && tokens.back().kind == token_kind::open_text && tokens.back().end == cut.size();
  if (ends_with_beginning(here.file)) outline_with_a_word_behind(here.file);
  return here;
}

}  // namespace weir::rules::indexing
