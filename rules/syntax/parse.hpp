#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "rules/diagnostic.hpp"
#include "rules/syntax/ast.hpp"

namespace weir::rules {

/// Reads a whole rule file. After an error it goes on at the next clause or declaration, so that all errors of a file
/// are found at once; what could be read is in the tree, and every error is appended to `findings`.
ast::file parse_file(std::string_view text, std::uint32_t file, std::vector<diagnostic>& findings);

/// Reads one expression that fills `text`, which stands at byte `offset` of its file (the `{expr}` of a `reason`).
std::optional<ast::expression> parse_expression(std::string_view text, std::uint32_t file, std::uint32_t offset,
                                                std::vector<diagnostic>& findings);

/// A piece of a `reason`: words with their escapes resolved, or what stands between braces, as written.
struct reason_piece {
  bool is_expression = false;
  std::string text;
  std::uint32_t offset = 0;  // of the piece in its file

  friend bool operator==(const reason_piece&, const reason_piece&) = default;
};

/// Takes the text of a `reason` apart at its braces; `\{` is a brace that opens nothing, and a `}` that closes nothing
/// is just that. A brace that is not closed is appended to `findings`. Between braces there can be no text literal.
std::vector<reason_piece> split_reason(const ast::text_literal& text, std::uint32_t file,
                                       std::vector<diagnostic>& findings);

}  // namespace weir::rules
