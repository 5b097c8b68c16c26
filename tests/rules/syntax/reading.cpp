#include "tests/rules/syntax/reading.hpp"

#include "tests/rules/syntax/outline.hpp"

namespace weir::rules::tests {

std::string rendered(const std::vector<diagnostic>& findings, const std::string& text) {
  const std::vector<source_file> files = {{"r.weir", text}};
  std::string out;
  for (const diagnostic& finding : findings) out += render(finding, files);
  return out;
}

std::string read_file(const std::string& text) {
  std::vector<diagnostic> findings;
  const ast::file tree = parse_file(text, 0, findings);
  return findings.empty() ? outline(tree) : rendered(findings, text);
}

std::string read_expression(const std::string& text) {
  std::vector<diagnostic> findings;
  const auto tree = parse_expression(text, 0, 0, findings);
  return tree ? outline(*tree) : rendered(findings, text);
}

std::string read_clauses(const std::string& clauses) {
  const std::string text = "rule r {\n" + clauses + "\n}";
  std::vector<diagnostic> findings;
  const ast::file tree = parse_file(text, 0, findings);
  if (!findings.empty()) return rendered(findings, text);
  std::string out;
  for (const ast::clause& clause : boost::get<ast::rule_declaration>(tree.declarations.at(0).get()).clauses) {
    out += outline(clause) + '\n';
  }
  return out;
}

}  // namespace weir::rules::tests
