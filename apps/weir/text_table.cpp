#include "apps/weir/text_table.hpp"

#include <algorithm>

namespace weir::app {

namespace {

bool begins_code_point(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

std::string padded(const std::string& cell, std::size_t width, bool left) {
  const std::string gap(width - columns_of(cell), ' ');
  return left ? cell + gap : gap + cell;
}

}  // namespace

std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, begins_code_point));
}

std::string fitted(std::string_view text, std::size_t most) {
  std::string shown;
  std::size_t columns = 0;
  const bool fits = columns_of(text) <= most;
  for (const char c : text) {
    if (begins_code_point(c) && ++columns >= most && !fits) return shown + "…";
    const auto byte = static_cast<unsigned char>(c);
    shown += byte < 0x20 || byte == 0x7F ? '?' : c;
  }
  return shown;
}

std::string wrapped(std::string_view text, std::size_t width, std::string_view indent) {
  std::string lines;
  std::string line;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    const auto word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty() && columns_of(indent) + columns_of(line) + 1 + columns_of(word) > width) {
      lines.append(indent).append(line) += '\n';
      line.clear();
    }
    if (!line.empty()) line += ' ';
    line += word;
  }
  if (!line.empty()) lines.append(indent).append(line) += '\n';
  return lines;
}

text_table::text_table(std::vector<std::string> header, std::vector<std::size_t> left) : left_(header.size()) {
  left_[0] = true;
  for (const auto column : left) left_[column] = true;
  rows_.push_back(std::move(header));
}

void text_table::add(std::vector<std::string> row) {
  row.resize(left_.size());
  rows_.push_back(std::move(row));
}

std::string text_table::text() const {
  std::vector<std::size_t> widths(left_.size());
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], columns_of(row[i]));
  }
  std::string out;
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) line += "  " + padded(row[i], widths[i], left_[i]);
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + '\n';
  }
  return out;
}

}  // namespace weir::app
