#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir::sigma {

/// A condition in Weir's language: a comparison or a function, or several that are joined.
struct term {
  enum class joint : std::uint8_t { leaf, all, any, negation };

  joint how = joint::leaf;
  std::string text;  // of a leaf
  std::vector<term> parts;
};

term leaf(std::string text);
term all_of(std::vector<term> parts);
term any_of(std::vector<term> parts);
term negation(term of);

/// As it is written in a rule, on as many lines as it needs; those after the first begin with `indent` spaces. The
/// first one begins at the column `begin`.
std::string write(const term& condition, std::size_t indent, std::size_t begin);

/// `text` as a text of the language, in quotes. In a `reason`, braces mean nothing either.
std::string quoted(std::string_view text);
std::string quoted_reason(std::string_view text);

}  // namespace weir::sigma
