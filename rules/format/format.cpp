#include "rules/format.hpp"

#include "rules/format/page.hpp"
#include "rules/syntax/parse.hpp"

namespace weir::rules {

std::expected<std::string, std::vector<diagnostic>> format(std::string_view text) {
  std::vector<diagnostic> findings;
  parse_file(text, 0, findings);
  if (has_errors(findings)) return std::unexpected(std::move(findings));
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  return formatting::lay_out(text);
}

}  // namespace weir::rules
