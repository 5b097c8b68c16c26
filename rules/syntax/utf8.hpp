#pragma once

#include <cstddef>
#include <string_view>

namespace weir::rules::syntax {

/// Where the first byte stands that is not part of a character in UTF-8 (RFC 3629), or npos.
std::size_t find_invalid_utf8(std::string_view text);

}  // namespace weir::rules::syntax
