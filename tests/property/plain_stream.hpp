#pragma once

#include <vector>

#include "stream/schema.hpp"
#include "tests/property/tape.hpp"
#include "tests/support/plain_event.hpp"

namespace weir::testing {

/// Events before they are made, an entry each.
using stream_draw = std::vector<tape>;

/// Events of the schema's types: few subjects, few values, times that often tie and often are exactly a window apart,
/// missing values, two sources. In the stream's order. `clock` says when the stream begins, perhaps shortly before a
/// midnight or a change of the clocks, and whether days pass in it.
std::vector<plain_event> plain_stream(const stream_draw& draw, const tape& clock, const stream::schema& types);

}  // namespace weir::testing
