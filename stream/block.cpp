#include "stream/block.hpp"

namespace weir::stream {

block make_block(std::string_view bytes, std::uint64_t first_byte, std::uint64_t first_line) {
  block made;
  made.buffer.reserve(bytes.size() + block_padding);
  made.buffer.append(bytes);
  made.buffer.append(block_padding, '\0');
  made.size = bytes.size();
  made.first_byte = first_byte;
  made.first_line = first_line;
  return made;
}

}  // namespace weir::stream
