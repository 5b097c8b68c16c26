#include "stream/dstream/log_block.hpp"

#include <cstddef>

#include "stream/dstream/coder.hpp"
#include "stream/dstream/crc32c.hpp"

namespace weir::stream {

namespace {

constexpr std::size_t checked_bytes = block_header_bytes - sizeof(std::uint32_t);  // what the header's crc is of

struct block_header {
  std::uint32_t payload_bytes = 0;
  std::uint32_t payload_crc = 0;
  block_place place;
};

std::optional<block_header> header_at(std::string_view bytes) {
  decoder from(bytes.substr(0, block_header_bytes));
  block_header read;
  read.payload_bytes = from.fixed<std::uint32_t>();
  read.payload_crc = from.fixed<std::uint32_t>();
  read.place.number = from.fixed<std::uint64_t>();
  read.place.in_group = from.fixed<std::uint32_t>();
  const auto crc = from.fixed<std::uint32_t>();
  if (from.failed() || crc != crc32c(bytes.substr(0, checked_bytes))) return {};
  return read;
}

/// The payload, if it is all there.
std::optional<std::string_view> payload_of(const block_header& header, std::string_view block) {
  const std::string_view payload = block.substr(block_header_bytes, header.payload_bytes);
  if (payload.size() != header.payload_bytes || crc32c(payload) != header.payload_crc) return {};
  return payload;
}

/// Whether a whole block of a group that was written after the block `number` stands anywhere in the bytes.
bool has_later_group(std::string_view bytes, std::uint64_t number) {
  for (; bytes.size() >= block_header_bytes; bytes.remove_prefix(1)) {
    const auto header = header_at(bytes);
    if (!header || header->place.number < header->place.in_group) continue;
    if (header->place.number - header->place.in_group > number && payload_of(*header, bytes)) return true;
  }
  return false;
}

}  // namespace

void append_block(std::string& out, block_place place, std::string_view payload) {
  const std::size_t begin = out.size();
  encoder to(out);
  to.fixed(static_cast<std::uint32_t>(payload.size()));
  to.fixed(crc32c(payload));
  to.fixed(place.number);
  to.fixed(place.in_group);
  to.fixed(crc32c(std::string_view{out}.substr(begin, checked_bytes)));
  to.bytes(payload);
}

std::optional<std::string_view> block_at(std::string_view bytes, std::uint64_t number) {
  const auto header = header_at(bytes);
  if (!header || header->place.number != number) return {};
  return payload_of(*header, bytes);
}

walked_blocks walk_blocks(std::string_view bytes, std::uint64_t first) {
  walked_blocks walked;
  for (;;) {
    const std::string_view left = bytes.substr(walked.end);
    const std::uint64_t number = first + walked.begins.size();
    const auto payload = block_at(left, number);
    if (!payload) {
      walked.damaged = has_later_group(left, number);
      return walked;
    }
    walked.begins.push_back(walked.end);
    walked.end += block_header_bytes + payload->size();
  }
}

}  // namespace weir::stream
