#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "stream/intake.hpp"

namespace weir::testing {

/// Decodes the same bytes twice, in one piece and cut at places that the bytes themselves choose, and aborts when the
/// rows, their order, or what was set aside differ. The event types have a field of every type. Gives the good records'
/// places.
std::vector<std::uint64_t> intake_twice(const std::uint8_t* bytes, std::size_t size, stream::record_syntax syntax);

}  // namespace weir::testing
