#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir::app {

/// A table for a terminal: the first column to the left, the others to the right but for those that say otherwise.
class text_table {
 public:
  /// `left` names the columns, beside the first, that are set to the left.
  explicit text_table(std::vector<std::string> header, std::vector<std::size_t> left = {});

  void add(std::vector<std::string> row);
  /// The rows under the header, each indented by two; no spaces at a line's end.
  std::string text() const;

 private:
  std::vector<std::vector<std::string>> rows_;
  std::vector<bool> left_;
};

/// How many columns of a terminal a text takes, a code point each.
std::size_t columns_of(std::string_view text);

/// The text, or its beginning and "…" where it takes more columns than `most`. Control characters become "?".
std::string fitted(std::string_view text, std::size_t most);

/// The words on lines of at most `width` columns, each behind `indent`.
std::string wrapped(std::string_view text, std::size_t width, std::string_view indent);

}  // namespace weir::app
