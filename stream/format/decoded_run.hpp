#pragma once

#include <cstddef>

namespace weir::stream {

/// Records of a source that were decoded one after the other.
struct decoded_run {
  std::size_t records = 0;  // a line and a row each
  std::size_t bytes = 0;    // with their lines' ends
};

}  // namespace weir::stream
