#include "stream/format/csv_scanner.hpp"

namespace weir::stream {

csv_scanner::place csv_scanner::step(place from, char c) {
  if (from == place::quoted) return c == '"' ? place::after_quote : place::quoted;
  if (c == ',' || c == '\n') return place::field_start;
  // Behind a closing quote a second one is an escaped quote: the field goes on.
  if (c == '"' && (from == place::field_start || from == place::after_quote)) return place::quoted;
  return place::plain;
}

std::size_t csv_scanner::find_end(std::string_view bytes) {
  if (place_ != place::quoted && place_ != place::after_quote) {
    // Most lines have no quote at all: two fast searches instead of a walk.
    const std::size_t line_end = bytes.find('\n');
    if (line_end != npos && bytes.substr(0, line_end).find('"') == npos) {
      place_ = place::field_start;
      return line_end;
    }
  }
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const bool ends_record = bytes[i] == '\n' && place_ != place::quoted;
    place_ = step(place_, bytes[i]);
    if (ends_record) return i;
  }
  return npos;
}

csv_scanner::ends csv_scanner::find_ends(std::string_view bytes) {
  ends found;
  std::size_t begin = 0;
  for (;;) {
    const std::size_t end = find_end(bytes.substr(begin));
    if (end == npos) return found;
    found.last = begin + end;
    if (found.first == npos) found.first = found.last;
    begin = found.last + 1;
  }
}

}  // namespace weir::stream
