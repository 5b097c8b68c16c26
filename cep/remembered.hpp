#pragma once

#include "cep/pattern.hpp"

namespace weir::cep {

/// How long after an event's time what came with it, its ids among others, may be remembered: as a candidate, in a
/// window, by an absence or a deadline that waits, in a silence. An upper bound; `duration::max()` where there is none.
/// What `suppress` remembers is no id (suppressor.hpp).
stream::duration remembered_for(const pattern& p);

}  // namespace weir::cep
