#include "rules/check/check.hpp"

#include "rules/check/fingerprint.hpp"
#include "rules/check/interning.hpp"
#include "rules/check/lower_expression.hpp"
#include "rules/check/lower_rule.hpp"
#include "rules/check/strata.hpp"
#include "rules/check/warnings.hpp"

namespace weir::rules {
namespace {

std::vector<rule> lower_rules(const syntax_trees& trees, workplace& work) {
  std::vector<rule> rules;
  by_name<source_span> names;
  for (std::uint32_t file = 0; file < trees.size(); ++file) {
    for (const auto& declaration : trees[file].declarations) {
      const auto* tree = boost::get<ast::rule_declaration>(&declaration);
      if (tree == nullptr) continue;
      const auto where = span_of(file, tree->name);
      const auto [first, is_new] = names.emplace(tree->name.name, where);
      if (!is_new) {
        work.found.error(where, "there is a rule " + quoted(tree->name.name) + " already",
                         "the first is in " + line_text(first->second, file, work.files));
      }
      rules.push_back(lower_rule(*tree, file, work));
    }
  }
  return rules;
}

program program_of(declared names, std::vector<rule> rules) {
  return {.schema = std::move(names.schema),
          .rules = std::move(rules),
          .data = std::move(names.data),
          .lists = std::move(names.list_sources),
          .tables = std::move(names.table_sources),
          .models = std::move(names.model_sources),
          .graphs = std::move(names.graph_values)};
}

}  // namespace

std::optional<program> check(const syntax_trees& trees, const std::map<std::string, std::string>& params,
                             const file_reader& read, workplace& work) {
  declare_all(trees, read, work);
  check_params(params, work);
  for (auto& [name, let] : work.names.lets) {
    work.calls = 0;
    check_let(let, work);
  }
  auto rules = lower_rules(trees, work);
  if (work.found.any_error()) return std::nullopt;
  set_strata(rules, work);
  if (work.found.any_error()) return std::nullopt;
  warn_untested(rules, work);

  program result = program_of(work.names, std::move(rules));
  mark_interned(result);
  for (auto& r : result.rules) {
    set_inputs(r);
    r.content_hash = fingerprint(r, result);
  }
  return result;
}

}  // namespace weir::rules
