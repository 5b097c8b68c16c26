#pragma once

#include <string>
#include <vector>

#include "tests/property/expression_text.hpp"
#include "tests/property/tape.hpp"

namespace weir::testing {

/// `on …` or `match …`, and what conditions behind it may read.
struct body_text {
  std::string clause;
  std::vector<readable_plan> readable{};
  std::vector<vertex_plan> vertices{};
  bool has_within = false;
};

/// Writes a rule's body: with no part or one it may be `on`. `ending` says within what; `scope` has the subjects.
body_text write_body(const std::vector<tape>& parts, const tape& ending, const scope_plan& scope);

}  // namespace weir::testing
