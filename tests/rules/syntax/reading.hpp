#pragma once

#include <string>
#include <string_view>

#include "rules/syntax/parse.hpp"

namespace weir::rules::tests {

/// The outline of a text that has no errors, else its errors as rendered.
std::string read_file(const std::string& text);
std::string read_expression(const std::string& text);

/// The outline of the only rule's clauses, each on a line, for a rule whose body is `clauses`.
std::string read_clauses(const std::string& clauses);

std::string rendered(const std::vector<diagnostic>& findings, const std::string& text);

}  // namespace weir::rules::tests
