#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "cep/matcher.hpp"
#include "cep/pattern.hpp"

namespace weir::cep {

/// The matchers of a set of patterns, and which of them has which.
struct matchers {
  struct home {
    std::size_t matcher = 0;  // in `all`
    std::size_t own = 0;      // the pattern's number there
  };

  std::vector<std::unique_ptr<matcher>> all;
  std::vector<home> homes;  // by pattern
};

/// Chooses for each pattern the cheapest matcher that finds its matches exactly. The patterns' guards join those that
/// `shared` has; `names`, `lookups` and `shared` outlive what is made.
matchers make_matchers(const std::vector<pattern>& patterns, const stream::schema& types, stream::symbols& names,
                       const references& lookups, guards& shared);

}  // namespace weir::cep
