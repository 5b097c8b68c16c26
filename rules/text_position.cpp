#include "rules/text_position.hpp"

#include <algorithm>

namespace weir::rules {

namespace {

/// UTF-16 code units of the character that begins with this byte; none for a byte inside a character.
std::uint32_t code_units(char c) {
  const auto byte = static_cast<unsigned char>(c);
  if ((byte & 0xC0) == 0x80) return 0;
  return byte >= 0xF0 ? 2 : 1;  // beyond the basic plane a character is a pair of surrogates
}

std::uint32_t code_units(std::string_view text) {
  std::uint32_t units = 0;
  for (const char c : text) units += code_units(c);
  return units;
}

}  // namespace

line_table::line_table(std::string_view text) : text_(text), begins_{0} {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool pair = text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n';
    if (text[at] == '\n' || (text[at] == '\r' && !pair)) begins_.push_back(at + 1);
  }
}

std::string_view line_table::line(std::size_t index) const {
  const std::size_t begin = begins_[index];
  const std::size_t end = index + 1 < begins_.size() ? begins_[index + 1] : text_.size();
  std::string_view content = text_.substr(begin, end - begin);
  if (content.ends_with('\n')) content.remove_suffix(1);
  if (content.ends_with('\r')) content.remove_suffix(1);
  return content;
}

text_position line_table::position_of(std::size_t offset) const {
  const auto behind = std::ranges::upper_bound(begins_, std::min(offset, text_.size()));
  const auto index = static_cast<std::size_t>(behind - begins_.begin()) - 1;
  const std::string_view before = line(index).substr(0, offset - begins_[index]);
  return {static_cast<std::uint32_t>(index), code_units(before)};
}

std::size_t line_table::offset_of(text_position position) const {
  if (position.line >= begins_.size()) return text_.size();
  const std::string_view content = line(position.line);
  std::uint32_t units = 0;
  std::size_t at = 0;
  for (; at < content.size(); ++at) {
    units += code_units(content[at]);
    if (units > position.character) break;
  }
  return begins_[position.line] + at;
}

}  // namespace weir::rules
