#include <simdjson.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "intake_twice.hpp"

/// Any bytes as NDJSON: no crash, the same for any cut, and no row from a record that simdjson's other, validating
/// parser does not take for a JSON object.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static simdjson::dom::parser parser;
  const std::string_view text{reinterpret_cast<const char*>(bytes), size};
  for (const std::uint64_t place : weir::testing::intake_twice(bytes, size, weir::stream::record_syntax::ndjson)) {
    const std::string_view rest = text.substr(place);
    const simdjson::padded_string record(rest.substr(0, rest.find('\n')));
    if (!parser.parse(record).is_object()) std::abort();
  }
  return 0;
}
