#pragma once

#include <cstdint>
#include <string>

#include "rules/sigma/document.hpp"

namespace weir::sigma {

enum class comparison : std::uint8_t {
  text,          // of the pattern as a whole
  expression,    // `re`
  subnet,        // `cidr`
  less,          // `lt`
  less_equal,    // `lte`
  greater,       // `gt`
  greater_equal  // `gte`
};

enum class text_part : std::uint8_t { whole, inside, beginning, ending };

/// The modifiers of an item, read.
struct modifiers {
  comparison how = comparison::text;
  text_part part = text_part::whole;
  bool all = false;
  bool cased = false;
  bool exists = false;
  bool other_field = false;        // `fieldref`
  bool any_dash = false;           // `windash`
  std::string expression_flags{};  // of `re`: i, m, s
};

/// Throws `cannot_say` for modifiers that are unknown, or cannot be said exactly, or do not go together.
modifiers read_modifiers(const item& from);

}  // namespace weir::sigma
