#include "rules/format/sentences.hpp"

#include <utility>

#include "rules/syntax/boundaries.hpp"
#include "rules/syntax/spacing.hpp"

namespace weir::rules::formatting {

namespace {

using syntax::token_range;

constexpr std::size_t field_gap = 2;

class building {
 public:
  explicit building(const text_pieces& text) : text_(text) {}

  layout run() {
    for (std::size_t i = 0; i < text_.size(); ++i) {
      result_.gaps.push_back(i > 0 && syntax::stands_apart(text_.source, i) ? 1 : 0);
    }
    for (const auto& declaration : syntax::declarations_of(text_.source)) add_declaration(declaration);
    if (!result_.sentences.empty()) result_.sentences.front().first_in_block = true;
    return std::move(result_);
  }

 private:
  std::string_view word(std::size_t index) const { return index < text_.size() ? text_.word(index) : ""; }

  void add_declaration(const syntax::declaration_shape& declaration) {
    const std::size_t before = result_.sentences.size();
    if (word(declaration.all.first) == "rule") {
      add_rule(declaration);
    } else {
      set_apart(declaration.all);
      add_with_braces(declaration.all, sentence_kind::declaration, 0);
    }
    const bool is_block = result_.sentences.size() - before > 1;
    result_.sentences[before].stands_alone = is_block || after_block_;
    after_block_ = is_block;
  }

  void add_rule(const syntax::declaration_shape& rule) {
    const std::size_t body = rule.clauses.empty() ? std::min(rule.head.last + 1, rule.all.last) : rule.clauses[0].first;
    add({rule.all.first, body}, sentence_kind::opening, 0);
    opens_block_ = true;
    for (const auto& clause : rule.clauses) add_clause(clause);
    const std::size_t end = rule.clauses.empty() ? body : rule.clauses.back().last;
    add_closing({end, rule.all.last}, 0);
  }

  void add_clause(const token_range& clause) {
    if (word(clause.first) == "match") return add_match(clause);
    if (word(clause.first) == "test") return add_test(clause);
    add_with_braces(clause, sentence_kind::clause, indent_width);
  }

  void add_match(const token_range& clause) {
    ++group_;
    for (const auto& part : syntax::match_parts(text_.source, clause)) {
      const std::size_t step = part.first + 1;
      if (word(part.first) == "then" && step < text_.size() && word(step) != "next") ++result_.gaps[step];
      add(part, word(part.first) == "within" ? sentence_kind::clause : sentence_kind::step, indent_width);
    }
  }

  void add_test(const token_range& clause) {
    const auto lines = syntax::test_lines(text_.source, clause);
    if (lines.empty()) return add_with_braces(clause, sentence_kind::clause, indent_width);
    add({clause.first, lines.front().first}, sentence_kind::opening, indent_width);
    opens_block_ = true;
    for (const auto& line : lines) {
      const bool is_event = word(line.first + 1) == "{";
      add_with_braces(line, is_event ? sentence_kind::test_event : sentence_kind::clause, 2 * indent_width);
    }
    add_closing({lines.back().last, clause.last}, indent_width);
  }

  /// On one line, or with a line for each field between its braces.
  void add_with_braces(const token_range& tokens, sentence_kind kind, std::size_t indent) {
    std::size_t open = tokens.first;
    while (open < tokens.last && word(open) != "{") ++open;
    if (open == tokens.last) return add(tokens, kind, indent);
    const auto fields = syntax::braced_fields(text_.source, open);
    for (std::size_t i = 1; i < fields.size(); ++i) result_.gaps[fields[i].first] = field_gap;
    if (fields.empty() || fields.back().last > tokens.last || !wants_lines(tokens, open, fields.back().last, indent)) {
      return add(tokens, kind, indent);
    }
    add({tokens.first, open + 1}, sentence_kind::opening, indent);
    opens_block_ = true;
    for (const auto& field : fields) add(field, sentence_kind::clause, indent + indent_width);
    add_closing({fields.back().last, tokens.last}, indent);
  }

  bool wants_lines(const token_range& tokens, std::size_t open, std::size_t close, std::size_t indent) const {
    if (text_.pieces[open + 1].new_line || has_inner_comment(text_, {open, std::min(close + 1, text_.size())}))
      return true;
    return indent + result_.width(text_, tokens.first, tokens.last) > line_width;
  }

  /// What the documents write with more blanks than the tokens ask for.
  void set_apart(const token_range& tokens) {
    const std::string_view first = word(tokens.first);
    const bool of_type = first == "list" || first == "table" || first == "model" || first == "graph";
    if (of_type && word(tokens.first + 2) == ":") result_.gaps[tokens.first + 2] = 1;
    if (first != "graph") return;
    for (std::size_t i = tokens.first + 3; i < tokens.last; ++i) {
      if (word(i) == "keep" || word(i) == "refresh") result_.gaps[i] = field_gap;
    }
  }

  void add(const token_range& tokens, sentence_kind kind, std::size_t indent) {
    if (tokens.empty()) return;
    result_.sentences.push_back({tokens, kind, indent, group_, std::exchange(opens_block_, false), false});
  }

  void add_closing(const token_range& tokens, std::size_t indent) {
    add(tokens, sentence_kind::closing, indent);
    ++group_;
  }

  const text_pieces& text_;
  layout result_;
  std::size_t group_ = 0;
  bool opens_block_ = false;
  bool after_block_ = false;
};

}  // namespace

std::size_t layout::width(const text_pieces& text, std::size_t first, std::size_t last) const {
  std::size_t columns = 0;
  for (std::size_t i = first; i < last; ++i) columns += (i > first ? gaps[i] : 0) + width_of(text.word(i));
  return columns;
}

layout sentences_of(const text_pieces& text) { return building(text).run(); }

bool has_inner_comment(const text_pieces& text, const token_range& tokens) {
  for (std::size_t i = tokens.first + 1; i < tokens.last; ++i) {
    if (!text.pieces[i].before.empty() || !text.pieces[i - 1].behind.empty()) return true;
  }
  return false;
}

}  // namespace weir::rules::formatting
