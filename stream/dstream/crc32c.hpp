#pragma once

#include <cstdint>
#include <string_view>

namespace weir::stream {

/// The checksum CRC-32C (Castagnoli's polynomial, RFC 3720 appendix B.4) of the bytes; of "123456789" it is 0xe3069283.
std::uint32_t crc32c(std::string_view bytes);

}  // namespace weir::stream
