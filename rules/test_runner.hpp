#pragma once

#include <string>
#include <vector>

#include "rules/program.hpp"

namespace weir::rules {

/// How one `test` of a rule ended. `failures` is empty when it passed; each says what was expected and what came.
struct test_outcome {
  std::string rule;
  std::string test;
  source_span where;
  std::vector<std::string> failures;
};

/// Runs every `test` of the program: its events go through the engine against its own rule alone, and the clock runs
/// past every deadline after the last line. A test passes when the alerts raised are exactly those expected.
std::vector<test_outcome> run_tests(const program& rules);

}  // namespace weir::rules
