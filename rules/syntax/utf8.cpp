#include "rules/syntax/utf8.hpp"

#include <cstdint>

namespace weir::rules::syntax {

namespace {

/// What a character's first byte tells: its length, and the least code point that needs it.
struct lead {
  std::size_t length;
  std::uint32_t bits;
  std::uint32_t least;
};

lead read_lead(std::uint8_t byte) {
  if (byte < 0x80) return {1, byte, 0};
  if ((byte & 0xE0) == 0xC0) return {2, byte & 0x1Fu, 0x80};
  if ((byte & 0xF0) == 0xE0) return {3, byte & 0x0Fu, 0x800};
  if ((byte & 0xF8) == 0xF0) return {4, byte & 0x07u, 0x10000};
  return {0, 0, 0};
}

/// Length of the character that `text` begins with, 0 if it begins with none.
std::size_t character_length(std::string_view text) {
  const lead first = read_lead(static_cast<std::uint8_t>(text[0]));
  if (first.length == 0 || first.length > text.size()) return 0;
  std::uint32_t code = first.bits;
  for (std::size_t i = 1; i < first.length; ++i) {
    const auto byte = static_cast<std::uint8_t>(text[i]);
    if ((byte & 0xC0) != 0x80) return 0;
    code = code << 6 | (byte & 0x3Fu);
  }
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  return code < first.least || code > 0x10FFFF || surrogate ? 0 : first.length;
}

}  // namespace

std::size_t find_invalid_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = character_length(text.substr(at));
    if (length == 0) return at;
    at += length;
  }
  return std::string_view::npos;
}

}  // namespace weir::rules::syntax
