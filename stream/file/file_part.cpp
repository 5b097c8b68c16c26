#include "stream/file/file_part.hpp"

#include <charconv>

namespace weir::stream {

namespace {

/// Takes a number and the character behind it off the text.
template <class Number>
bool take_number(std::string_view& text, char behind, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (!text.starts_with(behind)) return false;
  text.remove_prefix(1);
  return true;
}

bool take_part(std::string_view& text, file_part& part) {
  std::size_t name_bytes = 0;
  const bool numbers = take_number(text, ' ', part.from) && take_number(text, ' ', part.to) &&
                       take_number(text, ' ', part.version.size) && take_number(text, ' ', part.version.written_ns) &&
                       take_number(text, ':', name_bytes);
  if (!numbers || text.size() <= name_bytes || text[name_bytes] != '\n') return false;
  part.name = text.substr(0, name_bytes);
  text.remove_prefix(name_bytes + 1);
  return part.from <= part.to && part.to <= part.version.size;
}

}  // namespace

std::string spell(std::span<const file_part> parts) {
  std::string text;
  for (const file_part& part : parts) {
    text += std::to_string(part.from) + ' ' + std::to_string(part.to) + ' ' + std::to_string(part.version.size) + ' ' +
            std::to_string(part.version.written_ns) + ' ' + std::to_string(part.name.size()) + ':' + part.name + '\n';
  }
  return text;
}

std::optional<std::vector<file_part>> read_file_parts(std::string_view text) {
  std::vector<file_part> parts;
  while (!text.empty()) {
    if (!take_part(text, parts.emplace_back())) return {};
  }
  return parts;
}

}  // namespace weir::stream
