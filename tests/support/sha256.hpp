#pragma once

#include <string>
#include <string_view>

namespace weir::testing {

/// SHA-256 (FIPS 180-4) of the bytes, as 64 hex digits: what the reference counts' checksums are made with.
std::string sha256(std::string_view bytes);

}  // namespace weir::testing
