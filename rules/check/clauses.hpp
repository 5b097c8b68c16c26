#pragma once

#include <vector>

#include "rules/check/findings.hpp"
#include "rules/program.hpp"

namespace weir::rules {

/// A rule's clauses by their kind; null where the rule has none.
struct rule_clauses {
  const ast::severity_clause* severity = nullptr;
  const ast::score_clause* score = nullptr;
  const ast::tags_clause* tags = nullptr;
  const ast::mode_clause* mode = nullptr;
  const ast::on_clause* on = nullptr;
  const ast::match_clause* match = nullptr;
  const ast::when_clause* when = nullptr;
  const ast::unless_clause* unless = nullptr;
  const ast::emit_clause* emit = nullptr;
  const ast::suppress_clause* suppress = nullptr;
  const ast::reason_clause* reason = nullptr;
  const ast::raise_clause* raise = nullptr;
  std::vector<const ast::test_clause*> tests;
};

/// Sorts the clauses out. A clause that comes twice, and a rule without exactly one `on` or `match`, is an error.
rule_clauses sort_clauses(const ast::rule_declaration& tree, std::uint32_t file, findings& found);

/// Fills in what needs no names: version, severity, score, tags and mode.
void describe_rule(rule& into, const ast::rule_declaration& tree, const rule_clauses& clauses, std::uint32_t file,
                   findings& found);

}  // namespace weir::rules
