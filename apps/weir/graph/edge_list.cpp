#include "apps/weir/graph/edge_list.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <span>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "apps/weir/exit_code.hpp"
#include "rules/diagnostic.hpp"
#include "stream/format/csv_scanner.hpp"

namespace weir::app {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

constexpr std::array from_names{"from", "source", "src", "sender", "payer", "sourcenodeid", "from_id", "source_id"};
constexpr std::array to_names{"to",           "target", "dst",       "receiver",   "payee",
                              "targetnodeid", "to_id",  "target_id", "destination"};
constexpr std::array at_names{"at", "time", "timestamp", "date"};
constexpr std::array weight_names{"weight", "amount", "value"};

bool is_comment(std::string_view line) { return line.starts_with('#') || line.starts_with('%'); }

std::string_view without_line_end(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

char separator_of(std::string_view record) {
  if (record.find('\t') != std::string_view::npos) return '\t';
  return record.find(',') != std::string_view::npos ? ',' : ' ';
}

std::string_view take_to(std::string_view& rest, std::size_t end) {
  const auto taken = rest.substr(0, end);
  rest.remove_prefix(std::min(rest.size(), end + 1));
  return taken;
}

/// Fields of lists that know no quotes.
std::vector<std::string_view> plain_fields(std::string_view record, char separator) {
  std::vector<std::string_view> fields;
  if (separator == '\t') {
    for (auto end = record.find('\t'); end != std::string_view::npos; end = record.find('\t')) {
      fields.push_back(take_to(record, end));
    }
    fields.push_back(record);
    return fields;
  }
  constexpr std::string_view blanks = " \t";
  for (auto at = record.find_first_not_of(blanks); at != std::string_view::npos;) {
    const auto end = std::min(record.find_first_of(blanks, at), record.size());
    fields.push_back(record.substr(at, end - at));
    at = record.find_first_not_of(blanks, end);
  }
  return fields;
}

/// Of a first record: quotes around a field go, those inside are not expected in a header.
std::vector<std::string> fields_of(std::string_view record, char separator) {
  std::vector<std::string> fields;
  if (separator != ',') {
    for (const auto field : plain_fields(record, separator)) fields.emplace_back(field);
    return fields;
  }
  while (!record.empty()) {
    const bool quoted = record.starts_with('"');
    if (quoted) record.remove_prefix(1);
    const auto end = std::min(record.find(quoted ? '"' : ','), record.size());
    fields.emplace_back(take_to(record, end));
    if (quoted && record.starts_with(',')) record.remove_prefix(1);
  }
  return fields;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

/// The first column with a usual name.
std::string usual(const std::vector<std::string>& columns, std::span<const char* const> names) {
  for (const std::string_view name : names) {
    const auto called = [&](const std::string& column) { return lower(column) == name; };
    if (const auto found = std::ranges::find_if(columns, called); found != columns.end()) return *found;
  }
  return {};
}

bool has(const std::vector<std::string>& columns, const std::string& name) {
  return std::ranges::find(columns, name) != columns.end();
}

void require(const std::vector<std::string>& columns, const std::string& name, const std::string& path) {
  if (name.empty() || has(columns, name)) return;
  const auto near = rules::nearest(name, columns);
  const auto hint = near.empty() ? std::string{} : fmt::format("; did you mean \"{}\"?", near);
  throw failure(exit_code::usage,
                fmt::format("{}: no column \"{}\" (columns: {}){}", path, name, fmt::join(columns, ", "), hint));
}

void require_all(const edge_list_shape& shape, const std::string& path) {
  const auto& used = shape.used;
  for (const auto* name : {&used.from, &used.to, &used.at, &used.weight}) require(shape.columns, *name, path);
  if (!used.from.empty() && !used.to.empty()) return;
  throw failure(exit_code::usage, fmt::format("{}: say which of its columns an edge leaves and goes to, as in --from "
                                              "payer --to payee (columns: {})",
                                              path, fmt::join(shape.columns, ", ")));
}

void fill(std::string& column, std::string found) {
  if (column.empty()) column = std::move(found);
}

/// Columns of a list without a header: those that are not said are the next that nobody asked for.
void number_columns(edge_list_shape& shape) {
  const auto count = shape.columns.size();
  for (std::size_t i = 0; i < count; ++i) shape.columns[i] = std::to_string(i + 1);
  std::size_t next = 1;
  auto& used = shape.used;
  const edge_columns said = used;
  const auto taken = [&](const std::string& name) {
    return name == said.from || name == said.to || name == said.at || name == said.weight;
  };
  for (auto* column : {&used.from, &used.to, &used.at, &used.weight}) {
    while (taken(std::to_string(next))) ++next;
    if (column->empty() && next <= count) *column = std::to_string(next++);
  }
}

bool is_number(const std::string& name) {
  return !name.empty() && std::ranges::all_of(name, [](unsigned char c) { return std::isdigit(c) != 0; });
}

/// A header names the columns that are wanted, or has usual names for both ends. A number is a column's place: where a
/// first record has it, that is an edge between vertices that are called so.
bool names_columns(const std::vector<std::string>& first, const edge_columns& wanted) {
  const auto names = [&first](const std::string& one) { return one.empty() || (!is_number(one) && has(first, one)); };
  if (!wanted.from.empty() || !wanted.to.empty()) return names(wanted.from) && names(wanted.to);
  return !usual(first, from_names).empty() && !usual(first, to_names).empty();
}

}  // namespace

std::string_view first_record_of(std::string_view text) {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  while (!text.empty()) {
    const auto line = without_line_end(take_to(text, std::min(text.find('\n'), text.size())));
    if (!line.empty() && !is_comment(line)) return line;
  }
  return {};
}

edge_list_shape shape_of(std::string_view text, const edge_columns& wanted, const std::string& path) {
  const auto first_record = first_record_of(text);
  edge_list_shape shape;
  shape.has_comments = !text.starts_with(first_record);
  shape.separator = separator_of(first_record);
  shape.columns = fields_of(first_record, shape.separator);
  shape.used = wanted;
  shape.has_header = names_columns(shape.columns, wanted);
  if (shape.has_header) {
    fill(shape.used.from, usual(shape.columns, from_names));
    fill(shape.used.to, usual(shape.columns, to_names));
    fill(shape.used.at, usual(shape.columns, at_names));
    fill(shape.used.weight, usual(shape.columns, weight_names));
  } else if ((wanted.from.empty() || is_number(wanted.from)) && (wanted.to.empty() || is_number(wanted.to))) {
    number_columns(shape);
  }
  require_all(shape, path);
  return shape;
}

std::optional<stream::block> edge_list_rewriter::header() const {
  if (shape_.has_header) return std::nullopt;
  std::string text;
  for (const auto& column : shape_.columns) text += (text.empty() ? "" : ",") + shape_.heading(column);
  if (shape_.used.at.empty()) text += fmt::format(",{}", no_time);
  return stream::make_block(text + "\n", 0, 0);
}

stream::block edge_list_rewriter::rewrite(const stream::block& from) {
  std::string out;
  out.reserve(from.size + from.size / 4);
  stream::csv_scanner scanner;
  for (std::string_view rest = from.bytes(); !rest.empty();) {
    const auto end = std::min(shape_.separator == ',' ? scanner.find_end(rest) : rest.find('\n'), rest.size());
    const auto line = take_to(rest, end);
    append_record(without_line_end(line), out);
    out += '\n';
  }
  const auto begin = bytes_;
  bytes_ += out.size();
  return stream::make_block(out, begin, from.first_line);
}

/// What is no record leaves an empty line, so that those after it keep their numbers.
void edge_list_rewriter::append_record(std::string_view record, std::string& out) {
  if (record.empty() || (!begun_ && is_comment(record))) return;
  if (shape_.separator == ',') {
    out += record;
  } else {
    append_fields(record, out);
  }
  const bool is_header = shape_.has_header && !std::exchange(begun_, true);
  begun_ = true;
  if (!shape_.used.at.empty()) return;
  out += ',';
  out += is_header ? no_time : std::string_view("0");
}

void edge_list_rewriter::append_fields(std::string_view record, std::string& out) const {
  const char* between = "";
  for (const auto field : plain_fields(record, shape_.separator)) {
    out += between;
    between = ",";
    if (field.find_first_of(",\"") == std::string_view::npos) {
      out += field;
      continue;
    }
    out += '"';
    for (const char c : field) out.append(c == '"' ? 2 : 1, c);
    out += '"';
  }
}

}  // namespace weir::app
