#include "tests/support/layout_promises.hpp"

#include "rules/format/page.hpp"
#include "rules/syntax/tokens.hpp"

namespace weir::testing {

std::vector<std::string> tokens_and_comments(std::string_view text) {
  std::vector<std::string> all;
  for (const auto& t : rules::syntax::scan_with_comments(text)) all.emplace_back(text.substr(t.begin, t.end - t.begin));
  return all;
}

std::string broken_layout_promise(std::string_view text) {
  const std::string once = rules::formatting::lay_out(text);
  if (tokens_and_comments(once) != tokens_and_comments(text)) {
    return "tokens are not what they were; the text was\n" + std::string(text) + "\nand became\n" + once;
  }
  const std::string twice = rules::formatting::lay_out(once);
  if (twice == once) return {};
  return "a second layout differs; the text was\n" + std::string(text) + "\nbecame\n" + once + "\nand then\n" + twice;
}

}  // namespace weir::testing
