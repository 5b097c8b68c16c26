#include "rules/syntax/file_parser.hpp"

#include <string>
#include <utility>

#include "rules/syntax/clauses.hpp"
#include "rules/syntax/declarations.hpp"
#include "rules/syntax/habits.hpp"
#include "rules/syntax/vocabulary.hpp"

namespace weir::rules::syntax {

namespace {

constexpr std::size_t max_errors = 100;  // of one file: who sees that many knows what to do

template <std::size_t... N>
std::vector<std::string> together(const std::array<std::string_view, N>&... words) {
  std::vector<std::string> all;
  (all.insert(all.end(), words.begin(), words.end()), ...);
  return all;
}

/// Where a word belongs that stands where a clause should begin.
std::string_view right_place(std::string_view word) {
  static constexpr std::pair<std::string_view, std::string_view> places[] = {
      {"then", "`then` goes on with a `match`, before its `within`"},
      {"within", "`within` stands behind the last step of a `match`"},
      {"where", "`where` stands directly behind an event's name"},
      {"no", "`no` stands in a `match`, behind `match` or `then`"},
      {"and", "an operator needs a value on either side"},
      {"or", "an operator needs a value on either side"},
      {"not", "`not` stands before a condition, or in `not in`"},
      {"over", "`over` stands behind an aggregate such as `count(payment)`"},
      {"by", "`by` stands behind `suppress`"},
      {"for", "`for` stands behind the rule's name"},
      {"version", "`version` stands behind the rule's name and subject"},
      {"expect", "`expect` stands in a `test`"},
  };
  for (const auto& [known, place] : places) {
    if (known == word) return place;
  }
  return {};
}

}  // namespace

file_parser::file_parser(std::string_view file_text, std::uint32_t file, std::uint32_t offset,
                         std::vector<diagnostic>& findings)
    : source_{file_text, offset, scan(file_text), 0}, errors_(source_, file), findings_(findings) {}

ast::file file_parser::run() {
  ast::file tree;
  while (!at_end() && reported_ < max_errors) read_declaration(tree);
  if (reported_ >= max_errors && !at_end()) {
    findings_.push_back(errors_.at_token(next_, "the rest of the file was not read: too many errors"));
  }
  return tree;
}

void file_parser::read_declaration(ast::file& tree) {
  const std::string_view first = word(next_);
  if (first == "rule") return read_rule(tree);
  if (contains(declaration_words, first)) {
    ast::declaration node;
    if (read(declaration, node)) {
      tree.declarations.push_back(std::move(node));
    } else {
      skip_to_declaration();
    }
    return;
  }
  if (first == "}") {
    report(errors_.at_token(next_++, "there is no `{` that this `}` could close"));
    return;
  } else if (begins_clause(source_, next_)) {
    report(errors_.at_token(next_, '`' + std::string(first) + "` stands only inside a rule",
                            "is there a `}` too many above?"));
  } else {
    report(errors_.unexpected(next_, "a declaration such as `event` or `rule`", together(declaration_words)));
  }
  skip_to_declaration();
}

// ---- rules

void file_parser::read_rule(ast::file& tree) {
  const std::size_t begin = next_;
  ast::rule_declaration rule;
  const bool body = read_rule_header(rule);
  rule.begin = source_.offset + source_.tokens[begin].begin;
  if (body) {
    read_clauses(rule);
  } else {
    skip_to_declaration();
  }
  rule.end = source_.offset + source_.tokens[next_ - 1].end;
  if (!rule.name.name.empty()) tree.declarations.emplace_back(std::move(rule));
}

/// Reads up to the rule's `{`. False if no clauses follow.
bool file_parser::read_rule_header(ast::rule_declaration& rule) {
  const std::size_t name = next_ + 1;
  if (read(rule_header, rule)) return true;
  rule = {};
  rule.broken = true;
  if (is_word(source_, name) && error_ > name) {
    rule.name.name = word(name);
    rule.name.begin = source_.offset + source_.tokens[name].begin;
    rule.name.end = source_.offset + source_.tokens[name].end;
  }
  return skip_to_body();
}

/// From an error in a rule's header to its body: behind the `{`, or to the clause before which it is missing.
bool file_parser::skip_to_body() {
  for (next_ = error_; !at_end(); ++next_) {
    const std::string_view here = word(next_);
    if (here == "{") {
      ++next_;
      return true;
    }
    if (here == "}") return false;
    if (clause_may_begin(next_)) return true;
    if (declaration_may_begin(next_)) return false;
  }
  return false;
}

void file_parser::read_clauses(ast::rule_declaration& rule) {
  while (reported_ < max_errors) {
    if (at_end()) return report_open_rule(rule);
    if (word(next_) == "}") {
      ++next_;
      return;
    }
    if (begins_declaration(source_, next_)) return report_open_rule(rule);
    read_clause(rule);
  }
}

void file_parser::read_clause(ast::rule_declaration& rule) {
  const std::size_t begin = next_;
  const std::string_view first = word(begin);
  ast::clause node;
  if (contains(clause_words, first)) {
    if (read(clause, node)) {
      rule.clauses.push_back(std::move(node));
      return;
    }
  } else {
    diagnostic finding = errors_.unexpected(begin, "a clause such as `when`", together(clause_words, other_words));
    const std::string_view place = right_place(first);
    if (!place.empty() && hint_for_habit(source_, begin, "").empty()) finding.hint = place;
    report(std::move(finding));
    // It may belong to the clause before it, which then says something else than was meant.
    if (!source_.tokens[begin].first_on_line && !rule.clauses.empty()) rule.clauses.pop_back();
  }
  rule.broken = true;
  skip_clause(begin);
}

/// A rule without its `}`. Where something in it could not be read, a brace may have been lost with that.
void file_parser::report_open_rule(const ast::rule_declaration& rule) {
  if (rule.broken) return;
  report(errors_.behind_token(next_ - 1, "expected `}` to close the rule `" + rule.name.name + '`'));
}

// ---- the grammar, and going on after an error

template <typename Rule, typename Node>
bool file_parser::read(const Rule& rule, Node& node) {
  const blanks skipper(source_);
  const skip_context skipping(skipper);
  const parse_context context(source_, skipping);
  iterator first = source_.begin() + source_.tokens[next_].begin;
  try {
    if (rule.parse(first, source_.end(), context, x3::unused, node)) {
      next_ = token_at(source_.tokens, source_.position(first));
      return true;
    }
    report(errors_.expected(first, rule.name));
  } catch (const x3::expectation_failure<iterator>& failure) {
    report(errors_.expected(failure.where(), failure.which()));
    first = failure.where();
  } catch (const refusal& refused) {
    report(errors_.refused(refused));
    first = refused.begin;
  }
  error_ = std::max(next_ + 1, token_at(source_.tokens, source_.position(first)));
  return false;
}

void file_parser::report(diagnostic finding) {
  findings_.push_back(std::move(finding));
  ++reported_;
  error_ = next_ + 1;
}

bool file_parser::clause_may_begin(std::size_t index) const {
  if (index >= source_.tokens.size() || !source_.tokens[index].first_on_line) return false;
  return begins_clause(source_, index) || seems_to_begin_clause(source_, index);
}

bool file_parser::declaration_may_begin(std::size_t index) const {
  if (index >= source_.tokens.size() || !source_.tokens[index].first_on_line) return false;
  return begins_declaration(source_, index) || seems_to_begin_declaration(source_, index);
}

void file_parser::skip_to_declaration() {
  for (next_ = error_; !at_end(); ++next_) {
    if (declaration_may_begin(next_)) return;
  }
}

/// From an error in the clause that begins at token `begin` to the next clause, to the declaration before which the
/// rule's `}` is missing, or to that `}`: the first one that closes more than the clause opened. In a test it may close
/// what the test should have opened; then another clause follows.
void file_parser::skip_clause(std::size_t begin) {
  const bool test = word(begin) == "test";
  std::size_t open = 0;
  for (next_ = begin; !at_end(); ++next_) {
    const std::string_view here = word(next_);
    if (here == "}" && open == 0 && !(test && clause_may_begin(next_ + 1))) return;
    if (here == "{") ++open;
    if (here == "}" && open > 0) --open;
    if (next_ >= error_ && (clause_may_begin(next_) || declaration_may_begin(next_))) return;
  }
}

}  // namespace weir::rules::syntax
