#pragma once

#include <string>

#include "tests/support/plain_event.hpp"

namespace weir::testing {

/// The event as a line of NDJSON, its end included: `event` names its type, `at` counts microseconds since 1970.
std::string ndjson_line(const plain_event& event, const stream::schema& types);

}  // namespace weir::testing
