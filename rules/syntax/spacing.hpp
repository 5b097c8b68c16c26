#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "rules/syntax/config.hpp"

// Where blanks stand between the tokens of a line, as far as the tokens tell.
namespace weir::rules::syntax {

/// True if token `index` can be the last of a value, a name or a type: an operator may follow it, or something new.
bool ends_operand(const reading& source, std::size_t index);

/// True if token `index`, which has another one before it on its line, stands apart from that.
bool stands_apart(const reading& source, std::size_t index);

/// The text's tokens in one line, comments left out: two texts that differ in layout only give the same line.
std::string in_one_line(std::string_view text);

}  // namespace weir::rules::syntax
