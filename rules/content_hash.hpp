#pragma once

#include <string>
#include <string_view>

namespace weir::rules {

/// XXH3-64 of the bytes, as 16 hex digits.
std::string content_hash(std::string_view bytes);

}  // namespace weir::rules
