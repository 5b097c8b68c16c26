#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "rules/diagnostic.hpp"
#include "rules/syntax/parse.hpp"

// Whatever the text: the parser ends, every finding lies in the text and can be shown, and so can every reason's.

namespace {

using namespace weir::rules;

void require(bool holds) {
  if (!holds) std::abort();
}

void show(const std::vector<diagnostic>& findings, const std::vector<source_file>& files) {
  for (const diagnostic& finding : findings) {
    require(finding.where.begin <= finding.where.end && finding.where.end <= files[0].text.size());
    require(!finding.message.empty());
    require(!render(finding, files).empty());
  }
}

void read_reason(const ast::reason_clause& reason, std::vector<diagnostic>& findings) {
  for (const reason_piece& piece : split_reason(reason.text, 0, findings)) {
    if (piece.is_expression) parse_expression(piece.text, 0, piece.offset, findings);
  }
}

void read_reasons(const ast::file& tree, std::vector<diagnostic>& findings) {
  for (const ast::declaration& declaration : tree.declarations) {
    const auto* rule = boost::get<ast::rule_declaration>(&declaration.get());
    if (rule == nullptr) continue;
    for (const ast::clause& clause : rule->clauses) {
      if (const auto* reason = boost::get<ast::reason_clause>(&clause.get())) read_reason(*reason, findings);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::vector<source_file> files = {{"fuzz.weir", std::string(bytes, bytes + size)}};
  std::vector<diagnostic> findings;
  const ast::file tree = parse_file(files[0].text, 0, findings);
  read_reasons(tree, findings);
  show(findings, files);
  findings.clear();
  require(parse_expression(files[0].text, 0, 0, findings).has_value() == findings.empty());
  show(findings, files);
  return 0;
}
