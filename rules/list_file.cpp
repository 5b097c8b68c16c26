#include "cep/references.hpp"
#include "rules/reference_files.hpp"

namespace weir::rules {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

// The first column of a CSV line, without its quotes.
std::string first_column(std::string_view line) {
  if (line.front() != '"') return std::string(trimmed(line.substr(0, line.find(','))));
  std::string value;
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (line[i] == '"' && (++i == line.size() || line[i] != '"')) break;
    value += line[i];
  }
  return value;
}

// What the value should have been; nothing when it is.
std::string not_a(const std::string& value, const stream::field_type& type) {
  if (type.kind == stream::type_kind::integer && !is_whole_number(value)) return "a whole number";
  if (type.kind == stream::type_kind::ip && !cep::parse_block(value)) return "an ip address or a block of them";
  return {};
}

}  // namespace

bool is_whole_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && text.size() <= 18 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::expected<cep::value_list, std::string> read_list(std::string_view text, const list_source& list) {
  cep::value_list found{.type = cep::type_of(list.type), .values = {}};
  bool first = true;
  std::size_t number = 0;
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto line = trimmed(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    ++number;
    if (line.empty() || line.front() == '#') continue;
    auto value = first_column(line);
    const bool header = first && (value == list.file.name || value == list.type_name);
    first = false;
    if (header) continue;
    if (const auto wanted = not_a(value, list.type); !wanted.empty()) {
      return std::unexpected("line " + std::to_string(number) + ": \"" + value + "\" is not " + wanted);
    }
    found.values.push_back(std::move(value));
  }
  return found;
}

}  // namespace weir::rules
