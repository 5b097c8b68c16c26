#pragma once

#include <string>
#include <vector>

#include "tests/property/tape.hpp"

namespace weir::testing {

/// A rule before it is written: a tape for each of its parts, so that one can shrink without the others.
struct rule_draw {
  tape subject;
  std::vector<tape> parts;  // of `match`; with one or none the rule is `on`
  tape when;
  tape unless;
  tape ending;  // within, emit, suppress
  tape raise;
  tape manner;  // mode, severity, reason
};

/// A rule file before it is written.
struct file_draw {
  tape schema;
  std::vector<rule_draw> rules;
};

/// The file's text, which always compiles.
std::string rule_file(const file_draw& draw);

}  // namespace weir::testing
