#include "rules/check/check.hpp"

#include "rules/check/fingerprint.hpp"
#include "rules/check/interning.hpp"
#include "rules/check/lower_expression.hpp"
#include "rules/check/lower_rule.hpp"
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

std::vector<std::string> list_names(const declared& names) {
  std::vector<std::string> by_index(names.lists.size());
  for (const auto& [name, list] : names.lists) by_index[list.index] = name;
  return by_index;
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
  warn_untested(rules, work);

  program result{work.names.schema, std::move(rules), {work.names.list_values, {}, {}}};
  mark_interned(result);
  for (auto& r : result.rules) r.content_hash = fingerprint(r, result.schema, list_names(work.names));
  return result;
}

}  // namespace weir::rules
