#pragma once

#include <string>

#include "rules/program.hpp"

namespace weir::rules {

/// 16 hex digits of XXH3-64 over everything that changes the rule's alerts, and nothing else: not the layout, the
/// comments, the tests, or what else the program declares. Params count with their values; lists, tables and models by
/// their names: each alert says itself which version of them was in force.
std::string fingerprint(const rule& r, const program& of);

}  // namespace weir::rules
