#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "stream/intake.hpp"

namespace weir::testing {

/// What became of an input's records: where the good ones begin, and those that were set aside.
struct intake_outcome {
  std::vector<std::uint64_t> rows;
  std::vector<stream::set_aside_record> aside;
};

/// Decodes the same bytes twice, in one piece and cut at places that the bytes themselves choose, and aborts when the
/// rows, their order, or what was set aside differ. The event types have a field of every type.
intake_outcome intake_twice(const std::uint8_t* bytes, std::size_t size, stream::record_syntax syntax);

}  // namespace weir::testing
