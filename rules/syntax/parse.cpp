#include "rules/syntax/parse.hpp"

#include <limits>
#include <string>

#include "rules/syntax/expressions.hpp"
#include "rules/syntax/file_parser.hpp"
#include "rules/syntax/utf8.hpp"

namespace weir::rules {

namespace {

constexpr std::size_t max_file_size = std::numeric_limits<std::uint32_t>::max() / 2;  // spans count in 32 bits
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// What no grammar can say about a text. True if it can be read at all.
bool is_readable(std::string_view text, std::uint32_t file, std::vector<diagnostic>& findings) {
  if (text.size() > max_file_size) {
    findings.push_back({diagnostic_level::error, {file, 0, 0}, "the file is too large to be a rule file", ""});
    return false;
  }
  const std::size_t at = syntax::find_invalid_utf8(text);
  if (at == std::string_view::npos) return true;
  const auto begin = static_cast<std::uint32_t>(at);
  findings.push_back(
      {diagnostic_level::error, {file, begin, begin + 1}, "this is not UTF-8", "save the file as UTF-8"});
  return false;
}

/// An expression that fills the text of `source`, and what is wrong with it if it does not.
std::optional<ast::expression> read_whole(syntax::reading& source, const syntax::error_handler& errors,
                                          std::vector<diagnostic>& findings) {
  const syntax::blanks skipper(source);
  const syntax::skip_context skipping(skipper);
  const syntax::parse_context context(source, skipping);
  syntax::iterator first = source.begin();
  try {
    ast::expression tree;
    const bool read = syntax::expression.parse(first, source.end(), context, syntax::x3::unused, tree);
    syntax::x3::skip_over(first, source.end(), context);
    if (read && first == source.end()) return tree;
    findings.push_back(errors.expected(first, read ? "`}`" : "an expression"));
  } catch (const syntax::x3::expectation_failure<syntax::iterator>& failure) {
    findings.push_back(errors.expected(failure.where(), failure.which()));
  } catch (const syntax::refusal& refused) {
    findings.push_back(errors.refused(refused));
  }
  return std::nullopt;
}

}  // namespace

ast::file parse_file(std::string_view text, std::uint32_t file, std::vector<diagnostic>& findings) {
  if (!is_readable(text, file, findings)) return {};
  const std::uint32_t begin = text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
  return syntax::file_parser(text.substr(begin), file, begin, findings).run();
}

std::optional<ast::expression> parse_expression(std::string_view text, std::uint32_t file, std::uint32_t offset,
                                                std::vector<diagnostic>& findings) {
  syntax::reading source{text, offset, syntax::scan(text), 0};
  return read_whole(source, syntax::error_handler(source, file), findings);
}

}  // namespace weir::rules
