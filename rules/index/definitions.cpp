#include "rules/index/definitions.hpp"

#include <algorithm>

#include "rules/format/page.hpp"
#include "rules/syntax/boundaries.hpp"
#include "rules/syntax/spacing.hpp"

namespace weir::rules::indexing {

namespace {

using syntax::token_range;

class defining {
 public:
  defining(const outlined_file& file, std::vector<symbol>& symbols) : file_(file), symbols_(symbols) {}

  void run() {
    for (const auto& declaration : file_.declarations) define(declaration);
  }

 private:
  std::string_view word(std::size_t token) const { return file_.word(token); }
  bool is_name(std::size_t token) const { return syntax::is_word(file_.source, token); }

  void define(const syntax::declaration_shape& d) {
    const std::string_view first = word(d.all.first);
    if (first == "import") return define_import(d.all);
    if (!is_name(d.all.first + 1) || d.all.first + 1 >= d.all.last) return;
    if (first == "event") return define_event(d.all);
    if (first == "rule") return define_rule(d);
    if (first == "let") return define_let(d.all);
    if (first == "table") return define_table(d.all);
    if (first == "entity") add(symbol_kind::entity, d.all);
    if (first == "param") add(symbol_kind::param, d.all);
    if (first == "list") add_typed(symbol_kind::list, d.all);
    if (first == "model") add_typed(symbol_kind::model, d.all);
    if (first == "graph") add_typed(symbol_kind::graph, d.all);
  }

  // ---- symbols

  symbol& add(symbol_kind kind, std::size_t name, const token_range& extent, std::size_t owner = no_symbol) {
    symbols_.push_back(
        {kind, std::string(word(name)), file_.span(name), file_.span(extent.first, extent.last), owner, {}, {}, {}});
    return symbols_.back();
  }

  symbol& add(symbol_kind kind, const token_range& all) {
    symbol& s = add(kind, all.first + 1, all);
    s.declaration = laid_out(all);
    s.comment = comment_above(all.first);
    return s;
  }

  void add_typed(symbol_kind kind, const token_range& all) {
    symbol& s = add(kind, all);
    if (word(all.first + 2) == ":") s.type = type_at(all.first + 3, all.last);
  }

  std::string laid_out(const token_range& tokens) const {
    const auto span = file_.span(tokens.first, tokens.last);
    auto text = formatting::lay_out(file_.source.text.substr(span.begin, span.end - span.begin));
    while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
    return text;
  }

  /// `money(EUR)`, `text?`: a name, what stands in brackets behind it, and a question mark.
  std::string type_at(std::size_t token, std::size_t last) const {
    std::string type;
    const bool is_type = token < last && is_name(token);
    if (!is_type) return type;
    type += word(token);
    if (word(token + 1) == "(" && word(token + 3) == ")") {
      type += "(" + std::string(word(token + 2)) + ")";
      token += 3;
    }
    if (word(token + 1) == "?") type += "?";
    return type;
  }

  /// The comments on the lines right above a token, without their `#`.
  std::string comment_above(std::size_t token) const {
    std::string comment;
    auto line = line_before(file_.source.tokens[token].begin);
    while (line && line->starts_with('#')) {
      const auto text = line->substr(line->starts_with("# ") ? 2 : 1);
      comment = comment.empty() ? std::string(text) : std::string(text) + '\n' + comment;
      line = line_before(static_cast<std::size_t>(line->data() - file_.source.text.data()));
    }
    return comment;
  }

  /// The line before that of a byte, without the blanks around it; nothing before the first.
  std::optional<std::string_view> line_before(std::size_t place) const {
    std::string_view text = file_.source.text.substr(0, place);
    const auto end = text.rfind('\n');
    if (end == std::string_view::npos) return std::nullopt;
    text = text.substr(0, end);
    text.remove_prefix(text.rfind('\n') + 1);  // npos + 1 is 0
    while (!text.empty() && syntax::is_blank(text.back())) text.remove_suffix(1);
    while (!text.empty() && syntax::is_blank(text.front())) text.remove_prefix(1);
    return text;
  }

  // ---- declarations

  void define_import(const token_range& all) {
    const std::size_t path = all.first + 1;
    if (path >= all.last || !word(path).starts_with('"')) return;
    symbol& s = add(symbol_kind::import, path, all);
    s.name = s.name.substr(1, s.name.size() - (s.name.size() > 1 && s.name.ends_with('"') ? 2 : 1));
    s.declaration = laid_out(all);
  }

  void define_event(const token_range& all) {
    add(symbol_kind::event, all);
    define_fields(all, symbol_kind::field);
  }

  void define_table(const token_range& all) {
    symbol& s = add(symbol_kind::table, all);
    if (word(all.first + 2) == ":") s.type = type_at(all.first + 3, all.last);
    define_fields(all, symbol_kind::column);
  }

  /// `from, to: account`: two fields of one type.
  void define_fields(const token_range& all, symbol_kind kind) {
    const std::size_t owner = symbols_.size() - 1;
    const std::size_t open = find(all, "{");
    if (open == all.last) return;
    for (const auto& group : syntax::braced_fields(file_.source, open)) {
      const std::size_t last = std::min(group.last, all.last);
      const std::size_t colon = find({group.first, last}, ":");
      const auto type = colon < last ? type_at(colon + 1, last) : std::string();
      for (std::size_t i = group.first; i < colon; ++i) {
        if (!is_name(i)) continue;
        symbol& field = add(kind, i, {group.first, last}, owner);
        field.type = type;
        field.declaration = field.name + (type.empty() ? "" : ": " + type);
      }
    }
  }

  std::size_t find(const token_range& in, std::string_view token) const {
    std::size_t i = in.first;
    while (i < in.last && word(i) != token) ++i;
    return i;
  }

  void define_let(const token_range& all) {
    add(symbol_kind::let, all);
    const std::size_t owner = symbols_.size() - 1;
    if (word(all.first + 2) != "(") return;
    const std::size_t close = syntax::closing_bracket(file_.source, all.first + 2, all.last);
    define_typed({all.first + 3, close}, symbol_kind::parameter, owner);
  }

  /// `t: transfer, limit: money(EUR)`; a name without a type has that of its own name.
  void define_typed(const token_range& tokens, symbol_kind kind, std::size_t owner) {
    for (std::size_t i = tokens.first; i < tokens.last; ++i) {
      const bool begins = i == tokens.first || word(i - 1) == ",";
      if (!begins || !is_name(i)) continue;
      std::size_t end = i + 1;
      while (end < tokens.last && word(end) != ",") ++end;
      symbol& s = add(kind, i, {i, end}, owner);
      s.type = word(i + 1) == ":" ? type_at(i + 2, tokens.last) : s.name;
      s.declaration = laid_out({i, end});
    }
  }

  // ---- rules

  void define_rule(const syntax::declaration_shape& d) {
    symbol& s = add(symbol_kind::rule, d.all);
    s.declaration = laid_out(d.head);
    const std::size_t rule = symbols_.size() - 1;
    const std::size_t subjects = find(d.head, "for");
    std::size_t end = subjects;
    while (end < d.head.last && word(end) != "version") ++end;
    if (subjects < d.head.last) define_typed({subjects + 1, end}, symbol_kind::subject, rule);
    for (const auto& clause : d.clauses) define_in_clause(clause, rule);
  }

  void define_in_clause(const token_range& clause, std::size_t rule) {
    const std::string_view first = word(clause.first);
    if (first == "test") return define_test(clause, rule);
    if (first == "on") return define_labels(clause, rule);
    if (first != "match") return;
    for (const auto& part : syntax::match_parts(file_.source, clause)) define_labels(part, rule);
  }

  void define_test(const token_range& clause, std::size_t rule) {
    const std::size_t name = clause.first + 1;
    if (name >= clause.last || !word(name).starts_with('"')) return;
    symbol& s = add(symbol_kind::test, name, clause, rule);
    s.name = s.name.substr(1, s.name.size() - (s.name.size() > 1 && s.name.ends_with('"') ? 2 : 1));
  }

  /// A word before a colon is a label in all that steps can be made of; a path's vertices stand alone in brackets.
  void define_labels(const token_range& part, std::size_t rule) {
    for (std::size_t i = part.first + 1; i < part.last; ++i) {
      if (!is_name(i)) continue;
      if (word(i + 1) == ":" && is_name(i + 2)) {
        symbol& label = add(symbol_kind::label, i, part, rule);
        label.type = word(i + 2);
        label.declaration = laid_out(part);
      } else if (word(i - 1) == "(" && word(i + 1) == ")" && stands_for_vertex(i, part)) {
        define_vertex(i, part, rule);
      }
    }
  }

  bool stands_for_vertex(std::size_t token, const token_range& part) const {
    const std::string_view before = token >= 2 ? word(token - 2) : "";
    return before == "match" || before == "order" || before == "->" ||
           (token - 2 == part.first && word(token + 2) == "-");
  }

  void define_vertex(std::size_t token, const token_range& part, std::size_t rule) {
    const auto of_rule = std::ranges::subrange(symbols_.begin() + static_cast<std::ptrdiff_t>(rule), symbols_.end());
    const bool known = std::ranges::any_of(of_rule, [&](const symbol& s) {
      return (s.kind == symbol_kind::vertex || s.kind == symbol_kind::subject) && s.name == word(token);
    });
    if (!known) add(symbol_kind::vertex, token, part, rule).declaration = laid_out(part);
  }

  const outlined_file& file_;
  std::vector<symbol>& symbols_;
};

}  // namespace

std::string_view outlined_file::word(std::size_t token) const { return syntax::word_at(source, token); }

source_span outlined_file::span(std::size_t first, std::size_t last) const {
  return {number, source.tokens[first].begin, source.tokens[last - 1].end};
}

outlined_file outlined(const source_file& file, std::uint32_t number) {
  outlined_file result{number, {file.text, 0, syntax::scan(file.text), 0}, {}};
  result.declarations = syntax::declarations_of(result.source);
  return result;
}

std::vector<byte_range> braced_in_text(const outlined_file& file, std::size_t token) {
  const auto& t = file.source.tokens[token];
  std::vector<byte_range> found;
  for (std::uint32_t at = t.begin; at < t.end; ++at) {
    const char c = file.source.text[at];
    if (c == '\\') ++at;
    if (c != '{') continue;
    const auto close = std::min<std::size_t>(file.source.text.find('}', at), t.end);
    found.push_back({at + 1, static_cast<std::uint32_t>(close)});
    at = static_cast<std::uint32_t>(close);
  }
  return found;
}

void define_names(const outlined_file& file, std::vector<symbol>& symbols) { defining(file, symbols).run(); }

}  // namespace weir::rules::indexing
