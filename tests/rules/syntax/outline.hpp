#pragma once

#include <string>

#include "rules/syntax/ast.hpp"

// Trees as text, for tests: every operator in parentheses, every clause and declaration on its line.
namespace weir::rules::tests {

std::string outline(const ast::expression& tree);
std::string outline(const ast::clause& tree);
std::string outline(const ast::declaration& tree);  // a rule with its clauses, each on a line of its own
std::string outline(const ast::file& tree);

}  // namespace weir::rules::tests
