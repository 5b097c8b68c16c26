#pragma once

#include "stream/batch.hpp"
#include "stream/dictionary.hpp"
#include "stream/schema.hpp"

namespace weir::stream {

/// Makes a batch of `from` one of `to`, a schema that `from` has grown to: event types have joined those that it has,
/// and text fields are interned, in `texts`, that were not.
void adapt(batch& rows, const schema& from, const schema& to, dictionary& texts);

}  // namespace weir::stream
