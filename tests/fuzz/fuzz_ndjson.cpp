#include <cstdlib>
#include <string_view>

#include "intake_twice.hpp"
#include "naive_json.hpp"

/// Any bytes as NDJSON: no crash, the same for any cut; and the slow twin takes a record for a JSON object when it
/// became a row, and only then does it when the decoder did not say that it is none.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace weir;
  const std::string_view text{reinterpret_cast<const char*>(bytes), size};
  const auto found = testing::intake_twice(bytes, size, stream::record_syntax::ndjson);
  for (const std::uint64_t place : found.rows) {
    const std::string_view rest = text.substr(place);
    if (!testing::is_json_object(rest.substr(0, rest.find('\n')))) std::abort();
  }
  for (const auto& record : found.aside) {
    const bool refused = record.reason.starts_with("record is not");
    if (refused && record.record.size() < stream::set_aside_record::record_bytes_kept &&
        testing::is_json_object(record.record)) {
      std::abort();
    }
  }
  return 0;
}
