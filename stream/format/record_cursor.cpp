#include "stream/format/record_cursor.hpp"

#include <algorithm>

#include "stream/format/csv_scanner.hpp"

namespace weir::stream {

namespace {

bool is_blank(std::string_view record, record_syntax syntax) {
  if (syntax == record_syntax::csv) return record.empty();
  return record.find_first_not_of(" \t\r") == std::string_view::npos;
}

}  // namespace

std::optional<placed_record> record_cursor::next() {
  while (at_ < block_.size) {
    const std::string_view rest = block_.bytes().substr(at_);
    const bool csv = syntax_ == record_syntax::csv;
    const std::size_t end = std::min(csv ? csv_scanner{}.find_end(rest) : rest.find('\n'), rest.size());
    placed_record found{rest.substr(0, end), block_.buffer.size() - at_, block_.first_byte + at_, line_};
    at_ += std::min(end + 1, rest.size());
    line_ += 1 + (csv ? static_cast<std::uint64_t>(std::ranges::count(found.bytes, '\n')) : 0);
    if (found.bytes.ends_with('\r')) found.bytes.remove_suffix(1);
    if (!is_blank(found.bytes, syntax_)) return found;
  }
  return std::nullopt;
}

}  // namespace weir::stream
