#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "rules/diagnostic.hpp"

namespace weir::rules {

/// The text of a rule file in its canonical layout: blanks and line ends change and nothing else, so that it means the
/// same. Comments stay where they are; laying out twice is laying out once. The line ends are those of the first line.
/// docs/tools.md describes the layout.
///
/// Only a text without errors of syntax is laid out; for any other, what is wrong with it, in spans of file 0.
std::expected<std::string, std::vector<diagnostic>> format(std::string_view text);

}  // namespace weir::rules
