#pragma once

#include <string_view>

namespace weir::testing {

/// The slow twin of the NDJSON decoder's validation: true if `text` is one JSON object by RFC 8259, in UTF-8, whose
/// escapes name characters (no half of a surrogate pair alone).
bool is_json_object(std::string_view text);

}  // namespace weir::testing
