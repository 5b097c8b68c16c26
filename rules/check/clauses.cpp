#include "rules/check/clauses.hpp"

#include <boost/variant/apply_visitor.hpp>
#include <boost/variant/static_visitor.hpp>
#include <limits>

#include "rules/check/literals.hpp"

namespace weir::rules {
namespace {

class sorting : public boost::static_visitor<void> {
 public:
  sorting(std::uint32_t file, findings& found) : file_(file), found_(found) {}

  void operator()(const ast::severity_clause& c) { take(sorted_.severity, c, "severity"); }
  void operator()(const ast::score_clause& c) { take(sorted_.score, c, "score"); }
  void operator()(const ast::tags_clause& c) { take(sorted_.tags, c, "tags"); }
  void operator()(const ast::mode_clause& c) { take(sorted_.mode, c, "mode"); }
  void operator()(const ast::on_clause& c) {
    if (sorted_.match != nullptr) return both(c);
    take(sorted_.on, c, "on", "join the conditions with `and`, or write `match` for several events");
  }
  void operator()(const ast::match_clause& c) {
    if (sorted_.on != nullptr) return both(c);
    take(sorted_.match, c, "match");
  }
  void operator()(const ast::when_clause& c) { take(sorted_.when, c, "when", "join the conditions with `and`"); }
  void operator()(const ast::unless_clause& c) { take(sorted_.unless, c, "unless", "join the conditions with `or`"); }
  void operator()(const ast::emit_clause& c) { take(sorted_.emit, c, "emit"); }
  void operator()(const ast::suppress_clause& c) { take(sorted_.suppress, c, "suppress"); }
  void operator()(const ast::reason_clause& c) { take(sorted_.reason, c, "reason"); }
  void operator()(const ast::raise_clause& c) { take(sorted_.raise, c, "raise"); }
  void operator()(const ast::test_clause& c) { sorted_.tests.push_back(&c); }

  rule_clauses result() const { return sorted_; }

 private:
  template <class Clause>
  void take(const Clause*& slot, const Clause& clause, std::string_view word, std::string hint = {}) {
    if (slot == nullptr) {
      slot = &clause;
      return;
    }
    found_.error(span_of(file_, clause), "a rule has one " + quoted(word) + " at most", std::move(hint));
  }

  void both(const ast::located& second) {
    found_.error(span_of(file_, second), "a rule has either `on` or `match`, not both",
                 "`on` is for one event, `match` for several");
  }

  std::uint32_t file_;
  findings& found_;
  rule_clauses sorted_;
};

template <class Value>
Value chosen(const ast::identifier& word, const std::vector<std::pair<std::string, Value>>& choices, Value otherwise,
             std::uint32_t file, findings& found) {
  std::vector<std::string> names;
  for (const auto& [name, value] : choices) {
    if (name == word.name) return value;
    names.push_back(name);
  }
  found.error(span_of(file, word), "expected " + listed(names, " or ") + ", found " + quoted(word.name),
              did_you_mean(word.name, names));
  return otherwise;
}

}  // namespace

rule_clauses sort_clauses(const ast::rule_declaration& tree, std::uint32_t file, findings& found) {
  sorting visitor(file, found);
  for (const auto& clause : tree.clauses) boost::apply_visitor(visitor, clause.get());
  const auto sorted = visitor.result();
  if (sorted.on == nullptr && sorted.match == nullptr && !tree.broken) {
    found.error(span_of(file, tree.name), "the rule " + quoted(tree.name.name) + " has neither `on` nor `match`",
                "say what it looks for: on EVENT");
  }
  return sorted;
}

void describe_rule(rule& into, const ast::rule_declaration& tree, const rule_clauses& clauses, std::uint32_t file,
                   findings& found) {
  into.name = tree.name.name;
  into.where = span_of(file, tree.name);
  if (tree.version) {
    const auto version = whole_number(*tree.version);
    if (version && *version >= 1 && *version <= std::numeric_limits<std::uint32_t>::max()) {
      into.version = static_cast<std::uint32_t>(*version);
    } else {
      found.error(span_of(file, *tree.version), "a version is a whole number from 1");
    }
  }
  if (clauses.severity != nullptr) {
    into.severity = chosen<severity>(clauses.severity->level,
                                     {{"low", severity::low},
                                      {"medium", severity::medium},
                                      {"high", severity::high},
                                      {"critical", severity::critical}},
                                     severity::medium, file, found);
  }
  if (clauses.score != nullptr) {
    into.score = whole_number(clauses.score->points);
    if (!into.score) found.error(span_of(file, clauses.score->points), "a score is a whole number");
  }
  if (clauses.mode != nullptr) {
    into.mode = chosen<rule_mode>(clauses.mode->mode,
                                  {{"live", rule_mode::live}, {"shadow", rule_mode::shadow}, {"off", rule_mode::off}},
                                  rule_mode::live, file, found);
  }
  if (clauses.tags == nullptr) return;
  for (const auto& tag : clauses.tags->tags) {
    std::string text;
    for (const auto& part : tag.parts) text += (text.empty() ? "" : ".") + part.name;
    into.tags.push_back(std::move(text));
  }
}

}  // namespace weir::rules
