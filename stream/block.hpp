#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace weir::stream {

/// A run of a source's bytes that holds whole records. Behind `size` bytes the buffer goes on for at least
/// `block_padding` zero bytes, which simdjson may read.
struct block {
  std::string buffer;  // size + block_padding bytes
  std::size_t size = 0;
  std::uint64_t first_byte = 0;  // of the block, in the source's (decompressed) bytes
  std::uint64_t first_line = 1;

  std::string_view bytes() const { return {buffer.data(), size}; }
};

inline constexpr std::size_t block_padding = 64;

/// A block of `bytes`, copied and padded.
block make_block(std::string_view bytes, std::uint64_t first_byte = 0, std::uint64_t first_line = 1);

}  // namespace weir::stream
