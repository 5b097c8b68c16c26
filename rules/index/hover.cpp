#include "rules/hover.hpp"

#include "rules/index/definitions.hpp"
#include "rules/index/glossary.hpp"
#include "rules/syntax/boundaries.hpp"

namespace weir::rules {

namespace {

using namespace indexing;

std::string code(std::string_view text) { return "```weir\n" + std::string(text) + "\n```"; }

std::string article_and(symbol_kind kind) {
  const auto text = std::string(to_text(kind));
  const bool vowel = std::string_view("aeiou").find(text[0]) != std::string_view::npos;
  return (vowel ? "an " : "a ") + text;
}

/// "a field of `payment`".
std::string role_of(const symbol_index& index, const symbol& s) {
  std::string role = article_and(s.kind);
  if (s.owner != no_symbol) role += " of `" + index.symbols()[s.owner].name + "`";
  return role;
}

/// The event that a label, or a let's parameter, stands for; the entity that a subject is.
std::string type_behind(const symbol_index& index, const symbol& s) {
  const bool is_subject = s.kind == symbol_kind::subject;
  if (!is_subject && s.kind != symbol_kind::label && s.kind != symbol_kind::parameter) return {};
  const auto type = index.find(is_subject ? symbol_kind::entity : symbol_kind::event, s.type);
  return type ? "\n\n" + code(index.symbols()[*type].declaration) : std::string();
}

std::string text_of(const symbol_index& index, const symbol& s) {
  std::string text = code(s.declaration.empty() ? s.name : s.declaration);
  text += "\n\n" + role_of(index, s);
  text += type_behind(index, s);
  if (!s.comment.empty()) text += "\n\n" + s.comment;
  return text;
}

std::string text_of(const term& t) { return code(t.signature) + "\n\n" + std::string(t.meaning); }

/// The kinds of term that a word can be at its place.
const term* term_at(const outlined_file& file, std::size_t token) {
  using enum term_kind;
  const auto written = file.word(token);
  const auto first_of = [&](std::initializer_list<term_kind> kinds) -> const term* {
    for (const auto kind : kinds) {
      if (const term* found = find_term(written, kind)) return found;
    }
    return nullptr;
  };
  if (token > 0 && file.word(token - 1) == ".") return first_of({graph_function});
  if (token > 0 && file.word(token - 1) == ":") return first_of({type});
  if (file.word(token + 1) == "(" && find_term(written, type) == nullptr) {
    if (const term* called = first_of({aggregate, function})) return called;
  }
  return first_of({declaration, clause, step, word, type, aggregate, function});
}

std::optional<std::size_t> token_of(const outlined_file& file, std::size_t offset) {
  for (std::size_t i = syntax::token_at(file.source.tokens, static_cast<std::uint32_t>(offset));
       i < file.source.tokens.size(); ++i) {
    return file.source.tokens[i].begin <= offset ? std::optional(i) : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::optional<hover> hover_at(const symbol_index& index, std::uint32_t file, std::size_t offset) {
  if (file >= index.files().size()) return std::nullopt;
  const auto outline = outlined(index.files()[file], file);
  if (const auto* use = index.use_at(file, offset); use != nullptr && offset < use->where.end) {
    return hover{use->where, text_of(index, index.symbols()[use->symbol])};
  }
  const auto token = token_of(outline, offset);
  if (!token || !syntax::is_word(outline.source, *token)) return std::nullopt;
  const term* known = term_at(outline, *token);
  if (known == nullptr) return std::nullopt;
  return hover{outline.span(*token), text_of(*known)};
}

}  // namespace weir::rules
