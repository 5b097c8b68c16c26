#include "rules/completion.hpp"

#include "rules/index/offers.hpp"
#include "rules/index/place.hpp"
#include "rules/index/scope_walker.hpp"
#include "rules/syntax/boundaries.hpp"
#include "rules/syntax/vocabulary.hpp"

namespace weir::rules {

namespace {

using namespace indexing;
using syntax::token_range;
using enum symbol_kind;

class completing {
 public:
  completing(const symbol_index& index, const place& here)
      : index_(index), names_(index.symbols()), here_(here), offered_(index) {}

  std::vector<completion> run() {
    if (!here_.in_comment) offer_all();
    return here_.in_text ? std::move(found_between_) : std::move(offered_).taken();
  }

 private:
  std::string_view word(std::size_t token) const { return here_.file.word(token); }
  std::string_view last(std::size_t steps = 1) const { return here_.last(steps); }

  void offer_all() {
    if (last() == "import") return;  // a file's name is to come
    if (here_.file.declarations.empty()) return offer_declarations();
    const auto& d = here_.file.declarations.back();
    const std::string_view first = word(d.all.first);
    if (here_.in_text) return in_text(d);
    if (first == "rule") return in_rule(d);
    if (syntax::contains(syntax::declaration_words, first)) return in_declaration(d.all);
    offer_declarations();
  }

  // ---- outside rules

  void offer_declarations() { offered_.terms_of(term_kind::declaration, completion_kind::keyword); }
  void offer_clauses() { offered_.terms_of(term_kind::clause, completion_kind::keyword); }

  void in_declaration(const token_range& all) {
    const std::string_view first = word(all.first);
    const bool complete = here_.end() > all.first + 1 && here_.operand_ended();
    if (complete && here_.at_line_begin && !here_.is_open(all)) return offer_declarations();
    if (last(2) == "money" && last() == "(") return offered_.currencies();
    if (first == "let") return in_let(all);
    if (first == "param" && here_.has(all, "=")) return in_expression({all.first + 2, here_.end()}, no_symbol);
    if (first == "graph") return in_graph(all);
    if (last() == ":" && first == "model") return offered_.add(completion_kind::type, "xgboost", "trees saved as JSON");
    if (last() == ":") return offered_.types();
    const bool file_follows = is_any(first, {"list", "table", "model"}) && here_.has(all, ":") && !here_.is_open(all);
    if (file_follows && complete && (first != "table" || last() == "}")) offered_.words({"from"});
  }

  void in_let(const token_range& all) {
    std::size_t body = all.first;
    while (body < here_.end() && word(body) != "=") ++body;
    if (body < here_.end()) return in_expression({body + 1, here_.end()}, owner_at(let, all.first + 1));
    if (last() != ":") return;
    offered_.events();
    offered_.types();
  }

  void in_graph(const token_range& all) {
    if (last() == ":") return offered_.events();
    if (is_any(last(), {"keep", "refresh"})) return offered_.durations();
    if (!here_.is_open(all)) return here_.operand_ended() ? offered_.words({"keep", "refresh"}) : void();
    if (last() == ",") offered_.words({"weight"});
    if (here_.operand_ended() && last() != "weight") return;
    if (const auto edge = index_.find(event, word(all.first + 3))) {
      offered_.symbols(field, completion_kind::field, *edge);
    }
  }

  /// The rule or let that is declared at a token, in the whole file.
  std::size_t owner_at(symbol_kind kind, std::size_t token) const {
    const auto& file = here_.file;
    return token < here_.end() ? names_.declared_at(kind, file.number, file.source.tokens[token].begin) : no_symbol;
  }

  // ---- in a rule

  void in_rule(const syntax::declaration_shape& d) {
    const bool closed = d.all.last > d.head.last && last() == "}" && !here_.is_open(d.all);
    if (closed) return offer_declarations();
    if (d.head.last >= here_.end()) return in_rule_head(d.head);
    if (d.clauses.empty()) return offer_clauses();
    in_clause(d.clauses.back(), owner_at(rule, d.all.first + 1));
  }

  void in_rule_head(const token_range& head) {
    if (last() == ":") return offered_.symbols(entity, completion_kind::type);
    if (is_any(last(), {"for", ","})) {
      offered_.symbols(entity, completion_kind::type);
      for (const auto e : index_.all(event)) offered_.symbols(field, completion_kind::field, e);
      return;
    }
    if (here_.end() < head.first + 2 || last() == "version") return;
    if (!here_.has(head, "for")) offered_.words({"for"});
    if (!here_.has(head, "version")) offered_.words({"version"});
  }

  void in_clause(const token_range& clause, std::size_t owner) {
    const std::string_view first = word(clause.first);
    const bool begun = here_.end() == clause.first + 1;
    if (first == "test") return in_test(clause);
    if (here_.operand_ended() && here_.at_line_begin && !begun && !here_.is_open(clause)) return behind_clause(clause);
    if (is_any(first, {"score", "tags", "reason"})) return;
    if (first == "severity") return begun ? offered_.words({"low", "medium", "high", "critical"}) : void();
    if (first == "mode") return begun ? offered_.words({"live", "shadow", "off"}) : void();
    if (first == "emit") return in_emit(begun);
    if (first == "raise" && begun) return offered_.events();
    if (first == "suppress" && begun) return offered_.words({"for", "by"});
    if (first == "suppress" && last() == "for") return offered_.durations();
    in_expression(clause, owner);
  }

  void in_emit(bool begun) {
    if (begun) offered_.words({"each", "first", "all"});
    if (last() == "all") offered_.words({"limit"});
  }

  /// On a new line the clause may go on, or another begin.
  void behind_clause(const token_range& clause) {
    const std::string_view first = word(clause.first);
    offer_clauses();
    if (first == "match") offered_.words({"then", "within", "where"});
    if (is_any(first, {"when", "unless"}) || here_.has(clause, "where")) offered_.words({"and", "or"});
  }

  // ---- in a test

  void in_test(const token_range& clause) {
    if (!here_.is_open(clause)) return last() == "}" ? offer_clauses() : void();
    const auto lines = syntax::test_lines(here_.file.source, clause);
    const bool in_event = !lines.empty() && word(lines.back().first + 1) == "{" && last() != "}";
    if (in_event) return in_test_event(lines.back());
    if (!lines.empty() && !here_.at_line_begin && last() != "}") {
      return word(lines.back().first) == "expect" ? in_expectation(lines.back()) : void();
    }
    offered_.events();
    offered_.words({"expect"});
  }

  void in_test_event(const token_range& line) {
    const auto kind = index_.find(event, word(line.first));
    if (!kind) return;
    if (here_.ends_with_number()) offered_.currencies();
    if (last() == ":" && type_of(*kind, last(2)) == "bool") return offered_.words({"true", "false"});
    if (last() == "{" || here_.operand_ended()) offer_fields_left(*kind, line.first + 1);
  }

  std::string_view type_of(std::size_t event, std::string_view name) const {
    const auto found = names_.find(field, name, event);
    return found == no_symbol ? std::string_view() : names_[found].type;
  }

  void offer_fields_left(std::size_t event, std::size_t brace) {
    for (const auto& written : syntax::braced_fields(here_.file.source, brace)) offered_.leave_out(word(written.first));
    offered_.symbols(field, completion_kind::field, event);
  }

  void in_expectation(const token_range& line) {
    if (last() == "expect") offered_.words({"no", "alert"});
    if (last() == "no") offered_.words({"alert"});
    if (here_.ends_with_number() && last(2) == "expect") offered_.words({"alerts"});
    if (is_any(last(), {"alert", "alerts"})) return offered_.words({"for", "at"});
    if (here_.has(line, "for") && !is_any(last(), {"for", ",", "at"}) && !here_.has(line, "at")) offered_.words({"at"});
  }

  // ---- in texts

  /// Between the braces of a reason stands what `when` may read.
  void in_text(const syntax::declaration_shape& d) {
    if (word(d.all.first) != "rule" || d.clauses.empty() || word(d.clauses.back().first) != "reason") return;
    const auto open = open_brace(last());
    if (open == std::string_view::npos) return;
    const auto written = last().substr(open + 1);
    const place inside{{here_.file.number, {written, 0, syntax::scan(written), 0}, {}}, false, false, true};
    completing between(index_, inside);
    between.in_expression({0, inside.end()}, owner_at(rule, d.all.first + 1));
    found_between_ = std::move(between.offered_).taken();
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
    scope_walker walker(here_.file, names_, owner);
    for (std::size_t i = tokens.first; i < here_.end(); ++i) walker.read(i);
    if (last() == ".") return offer_members(walker.left_of_point());
    const bracket& inside = walker.innermost();
    if (inside.wants_event) return offer_events(inside, owner);
    const bool at_field = inside.kind == bracket_kind::fields && (last() == "{" || here_.operand_ended());
    if (at_field) return offer_raised(walker, tokens);
    if (is_any(last(), {"over", "prior"})) return offer_windows();
    if (is_any(last(), {"within", "ending", "gap"})) return offered_.durations();
    if (last() == "in") return offer_collections();
    if (last() == "is") return offered_.words({"missing", "not"});
    if (last() == "of") return offered_.symbols(label, completion_kind::value, owner);
    if (here_.operand_ended()) return offer_operators(tokens, inside);
    offer_operands(walker, owner);
  }

  void offer_members(std::size_t left) {
    if (left == no_symbol) return;
    const auto kind = names_[left].kind;
    if (kind == graph) return offered_.terms_of(term_kind::graph_function, completion_kind::function);
    offered_.symbols(kind == table ? column : field, completion_kind::field, left);
  }

  void offer_events(const bracket& inside, std::size_t owner) {
    if (here_.ends_with_number() && last(2) != "least") return offered_.words({"times", "to"});
    if (here_.ends_with_number() || last() == "to") return offered_.words({"times"});
    if (last() == "at") return offered_.words({"least"});
    if (is_any(last(), {"all", "one"})) return offered_.words({"of"});
    if (last() == "any") return offered_.words({"order"});
    if (last() == "least") return;
    const bool in_step = inside.kind != bracket_kind::aggregate && inside.kind != bracket_kind::edge;
    if (in_step && !is_any(last(), {":", "no", "times", "some", "raise"})) return offered_.steps();
    offered_.events();
    if (inside.kind == bracket_kind::aggregate) offered_.symbols(label, completion_kind::value, owner);
  }

  void offer_raised(const scope_walker& walker, const token_range& tokens) {
    std::size_t brace = tokens.first;
    while (brace < here_.end() && word(brace) != "{") ++brace;
    if (walker.innermost().event != no_symbol) offer_fields_left(walker.innermost().event, brace);
  }

  void offer_windows() {
    if (last() == "over") offered_.words({"prior"});
    offered_.windows();
  }

  void offer_collections() {
    offered_.symbols(list, completion_kind::collection);
    offered_.symbols(table, completion_kind::collection);
    offered_.symbols(param, completion_kind::value);
  }

  void offer_operators(const token_range& tokens, const bracket& inside) {
    const std::string_view first = word(tokens.first);
    if (here_.ends_with_number()) {
      if (is_any(last(2), {"within", "over", "prior"})) return offered_.words({"events"});
      offered_.currencies();
    }
    if (here_.ends_with_duration() && last(2) == "within" && first == "match") offered_.words({"of"});
    if (here_.ends_with_duration() && last(2) == "over") offered_.words({"ending"});
    if (here_.ends_with_duration() && last(2) == "ending") return offered_.words({"ago"});
    if (is_any(last(), {"day", "week", "month"})) offered_.words({"in"});
    if (first == "suppress") offered_.words({"for"});
    const bool in_steps = is_any(first, {"on", "match"}) || inside.kind == bracket_kind::aggregate;
    const bool at_step = in_steps && !inside.in_where;
    if (last() == ")" && !at_step) offered_.words({"over"});
    if (at_step) offered_.words({"where"});
    if (first == "match" && inside.kind == bracket_kind::none) offered_.words({"within", "then"});
    if (!at_step) offered_.words({"and", "or", "in", "not", "is", "between"});
  }

  void offer_operands(const scope_walker& walker, std::size_t owner) {
    if (last(2) == "score" && last() == "(") return offered_.symbols(model, completion_kind::collection);
    offer_options();
    const auto at_hand = walker.event_at_hand();
    if (at_hand != no_symbol) offered_.symbols(field, completion_kind::field, at_hand);
    const bool at_vertex = last() == "(" && is_any(last(2), {"match", "order", "->"});
    for (const auto kind : {label, subject, vertex, parameter}) {
      const bool fits = !at_vertex || kind == subject || kind == vertex;
      if (fits && owner != no_symbol) offered_.symbols(kind, completion_kind::value, owner);
    }
    if (!at_vertex) offer_values();
  }

  void offer_values() {
    offered_.symbols(param, completion_kind::value);
    offered_.symbols(let, completion_kind::function);
    for (const auto kind : {table, graph}) offered_.symbols(kind, completion_kind::collection);
    offered_.terms_of(term_kind::aggregate, completion_kind::function);
    offered_.terms_of(term_kind::function, completion_kind::function);
    offered_.words({"not", "true", "false"});
    if (here_.in_text) offered_.words({"span"});
  }

  /// The options of a graph's function, behind its first argument.
  void offer_options() {
    const auto bracket = here_.open_bracket();
    if (last() != "," || bracket < 2 || word(bracket - 2) != ".") return;
    const auto* called = find_term(word(bracket - 1), term_kind::graph_function);
    if (called == nullptr) return;
    for (const auto* option : {"length", "width", "within", "at most"}) {
      if (called->signature.find(option) == std::string_view::npos) continue;
      offered_.add(completion_kind::keyword, option, std::string(called->signature), std::string(called->meaning));
    }
  }

  const symbol_index& index_;
  name_table names_;
  const place& here_;
  offers offered_;
  std::vector<completion> found_between_;  // in a text
};

}  // namespace

std::vector<completion> completions_at(const symbol_index& index, std::uint32_t file, std::size_t offset) {
  if (file >= index.files().size()) return {};
  std::string cut;
  const auto here = place_at(index.files()[file], file, offset, cut);
  return completing(index, here).run();
}

}  // namespace weir::rules
