#include "rules/completion.hpp"

#include <algorithm>
#include <initializer_list>
#include <set>

#include "rules/index/glossary.hpp"
#include "rules/index/scope_walker.hpp"
#include "rules/syntax/boundaries.hpp"
#include "rules/syntax/spacing.hpp"
#include "rules/syntax/vocabulary.hpp"
#include "stream/currency_codes.hpp"

namespace weir::rules {

namespace {

using namespace indexing;
using syntax::token_range;

bool is_any(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, word) != words.end();
}

/// The file up to the place, without the word that is being written there.
struct text_before {
  outlined_file file;
  bool at_line_begin = false;
  bool in_comment = false;
  bool in_text = false;
};

class completing {
 public:
  completing(const symbol_index& index, const text_before& before)
      : index_(index), names_(index.symbols()), file_(before.file), place_(before) {}

  std::vector<completion> run() {
    if (!place_.in_comment) offer_all();
    return std::move(found_);
  }

 private:
  void offer_all() {
    if (file_.declarations.empty()) return offer_declarations();
    const auto& last = file_.declarations.back();
    const std::string_view first = word(last.all.first);
    if (place_.in_text) return in_text(last);
    if (first == "rule") return in_rule(last);
    if (syntax::contains(syntax::declaration_words, first)) return in_declaration(last);
    offer_declarations();
  }

  std::string_view word(std::size_t token) const { return file_.word(token); }
  std::size_t end() const { return file_.source.tokens.size(); }
  std::string_view last_word(std::size_t steps = 1) const { return end() >= steps ? word(end() - steps) : ""; }
  bool operand_ended() const { return end() > 0 && syntax::ends_operand(file_.source, end() - 1); }
  bool ends_with_number() const {
    return end() > 0 && file_.source.tokens.back().kind == syntax::token_kind::number && syntax::is_number(last_word());
  }

  // ---- what is offered

  void offer(completion_kind kind, std::string_view name, std::string detail, std::string documentation = {}) {
    if (known_.insert(std::string(name)).second) {
      found_.push_back({kind, std::string(name), std::move(detail), std::move(documentation)});
    }
  }

  void offer(const term& t, completion_kind kind) {
    offer(kind, t.word, std::string(t.signature), std::string(t.meaning));
  }

  void offer_terms(term_kind kind, completion_kind as) {
    for (const term& t : terms()) {
      if (t.kind == kind) offer(t, as);
    }
  }

  void offer_words(std::initializer_list<std::string_view> words) {
    using enum term_kind;
    for (const auto w : words) {
      const term* known = nullptr;
      for (const auto kind : {term_kind::word, step, clause, aggregate}) {
        if (known == nullptr) known = find_term(w, kind);
      }
      offer(completion_kind::keyword, w, known ? std::string(known->signature) : "",
            known ? std::string(known->meaning) : "");
    }
  }

  void offer_symbols(symbol_kind kind, completion_kind as, std::size_t owner = no_symbol) {
    for (const auto i : index_.all(kind, owner)) offer_symbol(i, as);
  }

  void offer_symbol(std::size_t i, completion_kind as) {
    const symbol& s = index_.symbols()[i];
    std::string detail(to_text(s.kind));
    if (s.owner != no_symbol) detail += " of " + index_.symbols()[s.owner].name;
    if (!s.type.empty()) detail += ": " + s.type;
    std::string documentation;
    if (!s.declaration.empty()) documentation = "```weir\n" + s.declaration + "\n```";
    if (!s.comment.empty()) documentation += "\n\n" + s.comment;
    offer(as, s.name, std::move(detail), std::move(documentation));
  }

  void offer_currencies() {
    for (const auto code : stream::currency_codes()) offer(completion_kind::unit, code, "currency");
  }

  void offer_types() {
    offer_terms(term_kind::type, completion_kind::type);
    offer_symbols(symbol_kind::entity, completion_kind::type);
  }

  void offer_steps() {
    offer_symbols(symbol_kind::event, completion_kind::event);
    offer_words({"no", "next", "some", "optional"});
    offer(completion_kind::keyword, "all of", "all of (STEP, STEP, …)",
          "An event for each of the steps, in any order.");
    offer(completion_kind::keyword, "one of", "one of (STEP, STEP, …)", "What one of the steps takes.");
    offer(completion_kind::keyword, "at least", "at least 5 times EVENT", "A run of so many events at least.");
  }

  // ---- outside rules

  void offer_declarations() { offer_terms(term_kind::declaration, completion_kind::keyword); }

  void in_declaration(const syntax::declaration_shape& d) {
    const std::string_view first = word(d.all.first);
    const bool complete = end() > d.all.first + 1 && operand_ended();
    if (complete && place_.at_line_begin && !is_open(d.all)) return offer_declarations();
    if (last_word(2) == "money" && last_word() == "(") return offer_currencies();
    if (first == "let" && (!is_any(last_word(), {":"}) || has(d.all, "="))) return in_let(d);
    if (first == "param" && has(d.all, "=")) return in_expression({d.all.first + 2, end()}, no_symbol);
    if (first == "graph") return in_graph(d.all);
    if (last_word() == ":" || last_word() == "->") {
      offer_types();
      if (first == "let") offer_symbols(symbol_kind::event, completion_kind::event);
      if (first == "model") offer(completion_kind::keyword, "xgboost", "a model saved as JSON");
    } else if (complete && is_any(first, {"list", "table", "model"})) {
      offer_words({"from"});
    }
  }

  bool has(const token_range& tokens, std::string_view token) const {
    for (std::size_t i = tokens.first; i < std::min(tokens.last, end()); ++i) {
      if (word(i) == token) return true;
    }
    return false;
  }

  bool is_open(const token_range& tokens) const {
    int level = 0;
    for (std::size_t i = tokens.first; i < end(); ++i) {
      level += is_any(word(i), {"(", "[", "{"}) ? 1 : is_any(word(i), {")", "]", "}"}) ? -1 : 0;
    }
    return level > 0;
  }

  void in_let(const syntax::declaration_shape& d) {
    std::size_t body = d.all.first;
    while (body < end() && word(body) != "=") ++body;
    if (body < end()) in_expression({body + 1, end()}, owner_at(symbol_kind::let, d.all.first + 1));
  }

  void in_graph(const token_range& tokens) {
    if (last_word() == ":") return offer_symbols(symbol_kind::event, completion_kind::event);
    const auto event = index_.find(symbol_kind::event, word(tokens.first + 3));
    if (is_open(tokens)) {
      if (event) offer_symbols(symbol_kind::field, completion_kind::field, *event);
      return offer_words({"weight"});
    }
    offer_words({"keep", "refresh"});
  }

  /// The rule or let that is declared at a token, in the whole file.
  std::size_t owner_at(symbol_kind kind, std::size_t token) const {
    return token < end() ? names_.declared_at(kind, file_.number, file_.source.tokens[token].begin) : no_symbol;
  }

  // ---- in a rule

  void in_rule(const syntax::declaration_shape& d) {
    const bool closed = d.all.last > d.head.last && word(d.all.last - 1) == "}" && !is_open(d.all);
    if (closed) return offer_declarations();
    if (d.head.last >= end()) return in_rule_head(d.head);
    if (d.clauses.empty()) return offer_terms(term_kind::clause, completion_kind::keyword);
    in_clause(d.clauses.back(), owner_at(symbol_kind::rule, d.all.first + 1));
  }

  void in_rule_head(const token_range& head) {
    if (last_word() == ":") return offer_symbols(symbol_kind::entity, completion_kind::type);
    if (is_any(last_word(), {"for", ","})) {
      offer_symbols(symbol_kind::entity, completion_kind::type);
      for (const auto event : index_.all(symbol_kind::event))
        offer_symbols(symbol_kind::field, completion_kind::field, event);
      return;
    }
    if (end() < head.first + 2) return;
    if (!has(head, "for")) offer_words({"for"});
    offer_words({"version"});
  }

  void in_clause(const token_range& clause, std::size_t rule) {
    const std::string_view first = word(clause.first);
    if (first == "test") return in_test(clause);
    if (const bool over = operand_ended() && place_.at_line_begin && !is_open(clause); over) {
      offer_terms(term_kind::clause, completion_kind::keyword);
      if (first == "match") offer_words({"then", "within", "where"});
      return offer_words({"and", "or"});
    }
    if (first == "severity") return offer_words({"low", "medium", "high", "critical"});
    if (first == "mode") return offer_words({"live", "shadow", "off"});
    if (first == "emit") return offer_words({"each", "first", "all", "limit"});
    if (first == "score" || first == "tags" || first == "reason") return;
    if (first == "suppress" && last_word() == "suppress") return offer_words({"for", "by"});
    in_expression(clause, rule);
  }

  void in_test(const token_range& clause) {
    if (!is_open(clause)) {
      if (operand_ended() && last_word() == "}") offer_terms(term_kind::clause, completion_kind::keyword);
      return;
    }
    const auto lines = syntax::test_lines(file_.source, clause);
    const bool in_event = !lines.empty() && word(lines.back().first + 1) == "{" && last_word() != "}";
    if (in_event) return in_test_event(lines.back());
    if (!lines.empty() && word(lines.back().first) == "expect" && !place_.at_line_begin) {
      return offer_words({"no", "alert", "alerts", "for", "at"});
    }
    offer_symbols(symbol_kind::event, completion_kind::event);
    offer_words({"expect"});
  }

  void in_test_event(const token_range& line) {
    const auto event = index_.find(symbol_kind::event, word(line.first));
    if (!event || last_word() == ":") return offer_words({"true", "false"});
    if (ends_with_number()) offer_currencies();
    if (last_word() != "{" && !operand_ended()) return;
    offer_fields_left(*event, line.first + 1);
  }

  void offer_fields_left(std::size_t event, std::size_t brace) {
    for (const auto& field : syntax::braced_fields(file_.source, brace)) known_.insert(std::string(word(field.first)));
    offer_symbols(symbol_kind::field, completion_kind::field, event);
  }

  /// Between the braces of a reason stands what `when` may read.
  void in_text(const syntax::declaration_shape& d) {
    if (word(d.all.first) != "rule" || d.clauses.empty() || word(d.clauses.back().first) != "reason") return;
    const auto open = open_brace(last_word());
    if (open == std::string_view::npos) return;
    const auto written = last_word().substr(open + 1);
    const text_before inside{{file_.number, {written, 0, syntax::scan(written), 0}, {}}, false, false, true};
    completing between(index_, inside);
    between.in_expression({0, between.end()}, owner_at(symbol_kind::rule, d.all.first + 1));
    found_ = std::move(between.found_);
  }

  /// The brace that is open at the end of a text.
  static std::size_t open_brace(std::string_view text) {
    std::size_t open = std::string_view::npos;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\\') {
        ++i;
      } else if (text[i] == '{' && open == std::string_view::npos) {
        open = i;
      } else if (text[i] == '}') {
        open = std::string_view::npos;
      }
    }
    return open;
  }

  // ---- in conditions and steps

  void in_expression(const token_range& tokens, std::size_t owner) {
    scope_walker walker(file_, names_, owner);
    for (std::size_t i = tokens.first; i < end(); ++i) walker.read(i);
    if (last_word() == ".") return offer_members(walker.left_of_point());
    const bracket& inside = walker.innermost();
    if (inside.wants_event) return offer_events(inside, owner);
    if (inside.kind == bracket_kind::fields && (last_word() == "{" || operand_ended()))
      return offer_raised(walker, tokens);
    if (is_any(last_word(), {"over", "prior"})) return offer_windows();
    if (last_word() == "in") return offer_collections();
    if (last_word() == "is") return offer_words({"missing", "not"});
    if (last_word() == "raise") return offer_symbols(symbol_kind::event, completion_kind::event);
    if (operand_ended()) return offer_operators(tokens, inside);
    offer_operands(walker, owner);
  }

  void offer_members(std::size_t left) {
    if (left == no_symbol) return;
    const symbol& s = index_.symbols()[left];
    if (s.kind == symbol_kind::graph) return offer_terms(term_kind::graph_function, completion_kind::function);
    const bool table = s.kind == symbol_kind::table;
    offer_symbols(table ? symbol_kind::column : symbol_kind::field, completion_kind::field, left);
  }

  void offer_events(const bracket& inside, std::size_t owner) {
    if (inside.kind != bracket_kind::aggregate && inside.kind != bracket_kind::edge) return offer_steps();
    offer_symbols(symbol_kind::event, completion_kind::event);
    if (inside.kind == bracket_kind::aggregate) offer_symbols(symbol_kind::label, completion_kind::value, owner);
  }

  void offer_raised(const scope_walker& walker, const token_range& tokens) {
    std::size_t brace = tokens.first;
    while (brace < end() && word(brace) != "{") ++brace;
    if (walker.innermost().event != no_symbol) offer_fields_left(walker.innermost().event, brace);
  }

  void offer_windows() {
    offer_words({"prior", "day", "week", "month"});
    offer(completion_kind::keyword, "session gap", "over session gap DURATION", "Back to the last gap that is longer.");
    for (const auto* window : {"5m", "1h", "24h", "7d", "30d", "5 events"})
      offer(completion_kind::unit, window, "window");
  }

  void offer_collections() {
    offer_symbols(symbol_kind::list, completion_kind::collection);
    offer_symbols(symbol_kind::param, completion_kind::value);
  }

  void offer_operators(const token_range& tokens, const bracket& inside) {
    if (ends_with_number()) {
      offer_words({"events", "times", "of"});
      offer_currencies();
    }
    const bool step = is_any(word(tokens.first), {"on", "match"}) && inside.event != no_symbol;
    const bool aggregate = inside.kind == bracket_kind::aggregate;
    if ((step || aggregate) && !inside.in_where) offer_words({"where"});
    if (word(tokens.first) == "match") offer_words({"within", "then"});
    if (last_word() == ")") offer_words({"over"});
    if (word(tokens.first) == "suppress") offer_words({"for"});
    offer_words({"and", "or", "in", "not", "is", "between", "ending"});
  }

  void offer_operands(const scope_walker& walker, std::size_t owner) {
    if (walker.event_at_hand() != no_symbol)
      offer_symbols(symbol_kind::field, completion_kind::field, walker.event_at_hand());
    if (owner != no_symbol) {
      for (const auto kind : {symbol_kind::label, symbol_kind::subject, symbol_kind::vertex, symbol_kind::parameter}) {
        offer_symbols(kind, completion_kind::value, owner);
      }
    }
    offer_symbols(symbol_kind::param, completion_kind::value);
    offer_symbols(symbol_kind::let, completion_kind::function);
    offer_symbols(symbol_kind::table, completion_kind::collection);
    offer_symbols(symbol_kind::graph, completion_kind::collection);
    offer_symbols(symbol_kind::model, completion_kind::collection);
    offer_terms(term_kind::aggregate, completion_kind::function);
    offer_terms(term_kind::function, completion_kind::function);
    offer_words({"not", "true", "false"});
    if (place_.in_text) offer_words({"span"});
  }

  const symbol_index& index_;
  name_table names_;
  const outlined_file& file_;
  const text_before& place_;
  std::vector<completion> found_;
  std::set<std::string> known_;  // no word twice
};

bool is_in_comment(std::string_view line) {
  bool in_text = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\' && in_text)
      ++i;
    else if (line[i] == '"')
      in_text = !in_text;
    else if (line[i] == '#' && !in_text)
      return true;
  }
  return false;
}

/// The text up to the word at `offset`.
source_file cut_before(const source_file& file, std::size_t offset) {
  std::size_t end = std::min(offset, file.text.size());
  while (end > 0 && syntax::is_word_part(file.text[end - 1])) --end;
  return {file.path, file.text.substr(0, end)};
}

text_before read_before(const source_file& cut, std::uint32_t number) {
  const std::string_view text = cut.text;
  const auto line_end = text.rfind('\n');
  const auto line = text.substr(line_end == std::string_view::npos ? 0 : line_end + 1);
  text_before before{outlined(cut, number), std::ranges::all_of(line, syntax::is_blank), is_in_comment(line), false};
  const auto& tokens = before.file.source.tokens;
  before.in_text =
      !tokens.empty() && tokens.back().kind == syntax::token_kind::open_text && tokens.back().end == text.size();
  return before;
}

}  // namespace

std::vector<completion> completions_at(const symbol_index& index, std::uint32_t file, std::size_t offset) {
  if (file >= index.files().size()) return {};
  const auto cut = cut_before(index.files()[file], offset);
  const auto before = read_before(cut, file);
  return completing(index, before).run();
}

}  // namespace weir::rules
