#pragma once

#include <memory>
#include <vector>

#include "cep/silences.hpp"
#include "stream/dictionary.hpp"
#include "stream/schema.hpp"

namespace weir::cep {

class guards;
class references;

/// What a set of patterns is planned with. All of it outlives the plans.
struct planning {
  const stream::schema& types;
  stream::symbols& names;
  const references& lookups;
  guards& shared;                                            // the patterns' guards join those that it has
  const std::vector<std::unique_ptr<silences>>& suppressed;  // by pattern; none: it suppresses nothing
};

}  // namespace weir::cep
