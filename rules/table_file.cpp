#include <algorithm>
#include <map>
#include <vector>

#include "rules/reference_files.hpp"
#include "stream/format/scalar.hpp"

namespace weir::rules {
namespace {

struct csv_cell {
  std::string text;
  bool quoted = false;
};

struct csv_record {
  std::size_t line = 0;  // where it begins
  std::vector<csv_cell> cells;
};

/// Takes a text apart as RFC 4180 says; a quoted cell may hold line ends. Blanks around cells without quotes go.
class csv_reader {
 public:
  explicit csv_reader(std::string_view text) : text_(text) {
    if (text_.starts_with("\xef\xbb\xbf")) text_.remove_prefix(3);
  }

  /// The next record that is neither blank nor a remark; nothing at the end.
  std::optional<csv_record> next() {
    while (at_ < text_.size()) {
      const auto first = text_.find_first_not_of(" \t\r", at_);
      if (first != std::string_view::npos && text_[first] != '\n' && text_[first] != '#') return record();
      skip_line();
    }
    return std::nullopt;
  }

 private:
  void skip_line() {
    const auto end = text_.find('\n', at_);
    at_ = end == std::string_view::npos ? text_.size() : end + 1;
    ++line_;
  }

  csv_record record() {
    csv_record found{.line = line_, .cells = {}};
    do {
      found.cells.push_back(cell());
    } while (at_ < text_.size() && text_[at_++] == ',');
    ++line_;
    return found;
  }

  // Up to the comma, the line's end or the text's.
  csv_cell cell() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    csv_cell found{.text = {}, .quoted = at_ < text_.size() && text_[at_] == '"'};
    if (found.quoted) found.text = quoted();
    const auto end = std::min(text_.find_first_of(",\n", at_), text_.size());
    if (!found.quoted) found.text = text_.substr(at_, end - at_);
    while (!found.quoted && !found.text.empty() && std::string_view(" \t\r").contains(found.text.back())) {
      found.text.pop_back();
    }
    at_ = end;
    return found;
  }

  std::string quoted() {
    std::string value;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '"' && (++at_ == text_.size() || text_[at_] != '"')) break;
      if (text_[at_] == '\n') ++line_;
      value += text_[at_];
    }
    return value;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

std::string at_line(std::size_t line, const std::string& what) { return "line " + std::to_string(line) + ": " + what; }

std::string listed(const std::vector<csv_cell>& header) {
  std::string text;
  for (const auto& cell : header) text += (text.empty() ? "" : ", ") + cell.text;
  return text;
}

class table_reader {
 public:
  table_reader(std::string_view text, const table_source& table, const stream::schema& types)
      : records_(text), table_(table), names_(types) {}

  std::expected<cep::value_table, std::string> read() {
    found_.key = cep::type_of(table_.key);
    for (const auto& column : table_.columns) found_.columns.push_back(cep::type_of(column.type));
    const auto header = records_.next();
    if (!header) return std::unexpected("line 1: the file is empty: its first line names the columns");
    if (auto found = find_columns(*header); !found) return std::unexpected(found.error());
    while (const auto record = records_.next()) {
      if (auto taken = take(*record); !taken) return std::unexpected(taken.error());
    }
    return std::move(found_);
  }

 private:
  using done = std::expected<void, std::string>;

  done find_columns(const csv_record& header) {
    const auto place_of = [&](const std::string& name) {
      return static_cast<std::size_t>(std::ranges::find(header.cells, name, &csv_cell::text) - header.cells.begin());
    };
    width_ = header.cells.size();
    for (const auto& column : table_.columns) {
      places_.push_back(place_of(column.name));
      if (places_.back() < width_) continue;
      return std::unexpected(
          at_line(header.line, "there is no column `" + column.name + "`: the file has " + listed(header.cells)));
    }
    key_ = place_of(table_.key_name);
    if (key_ == width_) key_ = 0;
    if (std::ranges::count(places_, key_) == 0) return {};
    return std::unexpected(at_line(header.line, "there is no column `" + table_.key_name + "` for the key, and `" +
                                                    header.cells[key_].text + "` is a column of the table"));
  }

  done take(const csv_record& record) {
    if (record.cells.size() != width_) {
      return std::unexpected(at_line(record.line, std::to_string(record.cells.size()) +
                                                      " cells, and the first line has " + std::to_string(width_)));
    }
    cep::value_table::row row;
    if (auto taken = take_key(record, row); !taken) return taken;
    for (std::size_t i = 0; i < table_.columns.size(); ++i) {
      auto value = value_of(record.cells[places_[i]], table_.columns[i]);
      if (!value) return std::unexpected(at_line(record.line, value.error()));
      row.values.push_back(*std::move(value));
    }
    found_.rows.push_back(std::move(row));
    return {};
  }

  done take_key(const csv_record& record, cep::value_table::row& row) {
    row.key = record.cells[key_].text;
    if (row.key.empty()) return std::unexpected(at_line(record.line, "the key is missing"));
    if (table_.key.kind == stream::type_kind::integer) {
      if (!is_whole_number(row.key)) {
        return std::unexpected(at_line(record.line, "\"" + row.key + "\" is not a whole number"));
      }
      row.key = std::to_string(std::stoll(row.key));  // 007 is 7
    }
    const auto [first, is_new] = lines_.emplace(row.key, record.line);
    if (is_new) return {};
    return std::unexpected(
        at_line(record.line, "\"" + row.key + "\" stands in line " + std::to_string(first->second) + " already"));
  }

  // As a record of the stream would have it, so that both are read alike.
  std::expected<std::optional<cep::constant_value>, std::string> value_of(const csv_cell& cell,
                                                                          const stream::field& column) {
    if (cell.text.empty()) {
      if (column.optional) return std::nullopt;
      return std::unexpected("`" + column.name + "` is missing");
    }
    using stream::type_kind;
    if (column.type.kind == type_kind::text || column.type.kind == type_kind::entity) return cell.text;
    stream::column one(column);
    const stream::scalar scalar{.kind = stream::scalar_kind::untyped, .text = cell.text};
    if (auto stored = stream::store(scalar, column, one, names_); !stored) {
      return std::unexpected("`" + column.name + "`: " + stored.error());
    }
    switch (column.type.kind) {
      case type_kind::boolean: return one.boolean(0);
      case type_kind::floating: return one.real(0);
      case type_kind::ip: return one.address(0);
      default: return cep::int128{one.number(0)};
    }
  }

  csv_reader records_;
  const table_source& table_;
  stream::symbols names_;  // only to call `store`: no column that is stored has names
  cep::value_table found_;
  std::size_t width_ = 0;
  std::size_t key_ = 0;
  std::vector<std::size_t> places_;           // of the columns in the file
  std::map<std::string, std::size_t> lines_;  // of the keys so far
};

}  // namespace

std::expected<cep::value_table, std::string> read_table(std::string_view text, const table_source& table,
                                                        const stream::schema& types) {
  return table_reader(text, table, types).read();
}

}  // namespace weir::rules
