#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "graph/concepts.hpp"

namespace weir::testing {

/// The vertices, of the first so many, whose state is not what it was: by looking at each.
template <class Algorithm>
std::vector<graph::vertex_id> differing(const Algorithm& before, const Algorithm& after, std::size_t vertices) {
  std::vector<graph::vertex_id> changed;
  for (std::uint32_t i = 0; i < vertices; ++i) {
    const graph::vertex_id v{i};
    if (!(before[v] == after[v])) changed.push_back(v);
  }
  return changed;
}

}  // namespace weir::testing
