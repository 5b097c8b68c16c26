#include "stream/dstream/crc32c.hpp"

#ifdef __SSE4_2__
#include <nmmintrin.h>

#include <cstring>
#else
#include <boost/crc.hpp>
#endif

namespace weir::stream {

#ifdef __SSE4_2__

std::uint32_t crc32c(std::string_view bytes) {
  std::uint64_t crc = 0xffffffff;
  for (; bytes.size() >= sizeof(std::uint64_t); bytes.remove_prefix(sizeof(std::uint64_t))) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data(), sizeof(word));
    crc = _mm_crc32_u64(crc, word);
  }
  auto rest = static_cast<std::uint32_t>(crc);
  for (const char byte : bytes) rest = _mm_crc32_u8(rest, static_cast<unsigned char>(byte));
  return ~rest;
}

#else

std::uint32_t crc32c(std::string_view bytes) {
  boost::crc_optimal<32, 0x1edc6f41, 0xffffffff, 0xffffffff, true, true> crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

#endif

}  // namespace weir::stream
