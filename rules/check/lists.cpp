#include "rules/check/declared.hpp"

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

bool is_whole_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && text.size() <= 18 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool fits(const std::string& value, const stream::field_type& type) {
  return type.kind != stream::type_kind::integer || is_whole_number(value);
}

bool can_be_listed(const stream::field_type& type) {
  using stream::type_kind;
  return type.kind == type_kind::text || type.kind == type_kind::entity || type.kind == type_kind::integer;
}

}  // namespace

// One value a line, or the first column of a CSV file. Blank lines and lines that begin with # are passed over, and so
// is a header: a first line that says the list's own name or that of its type.
void read_list(const ast::list_declaration& tree, const stream::field_type& type, std::uint32_t file,
               const file_reader& read, workplace& work, cep::value_list& into) {
  if (!can_be_listed(type)) {
    return work.found.error(span_of(file, tree.type), "a list of this type is not in this version",
                            "a list holds texts, entities or ints");
  }
  const auto path = path_beside(work.files[file].path, tree.path.value);
  const auto text = read(path);
  if (!text) return work.found.error(span_of(file, tree.path), "can't read " + path + ": " + text.error());

  bool first = true;
  std::size_t number = 0;
  std::string_view rest = *text;
  if (rest.starts_with("\xef\xbb\xbf")) rest.remove_prefix(3);
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    const auto line = trimmed(rest.substr(0, end));
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    ++number;
    if (line.empty() || line.front() == '#') continue;
    auto value = first_column(line);
    const bool header = first && (value == tree.name.name || value == tree.type.name.name);
    first = false;
    if (header) continue;
    if (!fits(value, type)) {
      return work.found.error(span_of(file, tree.path),
                              path + ", line " + std::to_string(number) + ": \"" + value + "\" is not a whole number");
    }
    into.values.push_back(std::move(value));
  }
}

}  // namespace weir::rules
