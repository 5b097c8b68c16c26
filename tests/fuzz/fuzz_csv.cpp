#include "intake_twice.hpp"

/// Any bytes as CSV: no crash, and the same for any cut.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  weir::testing::intake_twice(bytes, size, weir::stream::record_syntax::csv);
  return 0;
}
