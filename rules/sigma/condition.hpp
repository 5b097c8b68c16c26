#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rules/sigma/document.hpp"

namespace weir::sigma {

enum class condition_kind : std::uint8_t { search, one_of, all_of, negation, conjunction, disjunction };

/// The condition of a rule: search identifiers, joined.
struct condition {
  condition_kind kind = condition_kind::search;
  std::string name;              // of a search; for one_of and all_of a pattern with `*`
  std::vector<condition> parts;  // of the others
};

/// Throws `cannot_say` where the text is no condition, or one of the obsolete ones with `|`.
condition parse_condition(const condition_text& written);

/// The searches that `pattern` names, in order; `them` names all whose names do not begin with `_`.
std::vector<const search*> find_searches(const rule& from, const std::string& pattern);

}  // namespace weir::sigma
