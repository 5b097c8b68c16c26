#include "rules/syntax/parse.hpp"

#include <utility>

namespace weir::rules {

namespace {

char unescaped(char c) { return c == 'n' ? '\n' : c == 't' ? '\t' : c; }

diagnostic open_brace(std::uint32_t file, std::uint32_t at) {
  return {diagnostic_level::error,
          {file, at, at + 1},
          "this `{` has no `}` behind it",
          "a brace that opens nothing is written `\\{`"};
}

}  // namespace

std::vector<reason_piece> split_reason(const ast::text_literal& text, std::uint32_t file,
                                       std::vector<diagnostic>& findings) {
  const std::string_view written = text.value;
  const auto place = [&text](std::size_t i) { return text.begin + 1 + static_cast<std::uint32_t>(i); };
  std::vector<reason_piece> pieces;
  reason_piece words{false, "", place(0)};
  const auto finish_words = [&pieces, &words](std::uint32_t next) {
    if (!words.text.empty()) pieces.push_back(std::move(words));
    words = {false, "", next};
  };
  for (std::size_t i = 0; i < written.size(); ++i) {
    if (written[i] == '\\' && i + 1 < written.size()) {
      words.text += unescaped(written[++i]);
    } else if (written[i] == '{') {
      const std::size_t close = written.find_first_of("{}", i + 1);
      if (close == std::string_view::npos || written[close] == '{') {
        findings.push_back(open_brace(file, place(i)));
        return pieces;
      }
      finish_words(place(close + 1));
      pieces.push_back({true, std::string(written.substr(i + 1, close - i - 1)), place(i + 1)});
      i = close;
    } else {
      words.text += written[i];
    }
  }
  finish_words(place(written.size()));
  return pieces;
}

}  // namespace weir::rules
