#pragma once

#include <optional>
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

}  // namespace weir::rules
