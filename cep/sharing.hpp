#pragma once

#include <cstddef>
#include <vector>

#include "cep/matchers.hpp"
#include "cep/pattern.hpp"

namespace weir::cep {

/// How a set of patterns is worked on: what may be done side by side, since the parts of one list share nothing that
/// changes with those of another, and what is done by one thread when that is done (docs/adr/0030).
struct shared_out {
  std::vector<std::vector<pattern_part>> side_by_side;  // at least one
  std::vector<pattern_part> afterwards;
};

/// Shares the patterns out into at most `threads` lists; fewer when there is not enough to do. One list has all of them
/// whole, and nothing is left for afterwards.
shared_out share_out(const std::vector<pattern>& patterns, std::size_t threads);

}  // namespace weir::cep
