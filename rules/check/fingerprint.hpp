#pragma once

#include <string>

#include "rules/program.hpp"

namespace weir::rules {

/// 16 hex digits of XXH3-64 over everything that changes the rule's alerts, and nothing else: not the layout, the
/// comments, the tests, or what else the program declares. Params count with their values, lists by their names.
std::string fingerprint(const rule& r, const stream::schema& types, const std::vector<std::string>& list_names);

}  // namespace weir::rules
