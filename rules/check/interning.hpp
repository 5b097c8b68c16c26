#pragma once

#include "rules/program.hpp"

namespace weir::rules {

/// Marks the text fields that any rule reads, and all entities: they are kept as ids. Other texts are kept as bytes.
void mark_interned(program& p);

}  // namespace weir::rules
