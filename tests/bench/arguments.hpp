#pragma once

#include <cstddef>
#include <cstdlib>

namespace weir::bench {

/// The i-th argument of the command line as a number; `otherwise` where there are fewer.
inline std::size_t number(int argc, char** argv, int i, std::size_t otherwise) {
  return i < argc ? std::strtoull(argv[i], nullptr, 10) : otherwise;
}

}  // namespace weir::bench
