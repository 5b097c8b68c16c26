#include "apps/weir/graph/feature_files.hpp"

#include <array>
#include <filesystem>
#include <iterator>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "apps/weir/exit_code.hpp"
#include "apps/weir/graph/named_graph.hpp"

namespace weir::app {

namespace {

constexpr std::array<const char*, 4> key_names{"from", "to", "at", "weight"};
constexpr std::array<const char*, 4> key_meanings{
    "the vertex that the transaction leaves: a number, whose name is in vertices.csv", "the vertex that it goes to",
    "its time, in microseconds since 1970", "its weight, in units of the last digit that is kept: see digits"};

stream::line_writer open_lines(const std::string& path) {
  auto out = stream::line_writer::open(path);
  if (!out) throw failure(exit_code::io, out.error().message);
  return std::move(*out);
}

bool is_real(const graph::feature_column& column) { return std::holds_alternative<std::vector<double>>(column.values); }

/// Weights as people write them, with their digits behind the point.
struct value_text {
  std::size_t row;
  int digits;
  bool is_weight;
  std::string& line;

  void operator()(const std::vector<std::int64_t>& values) const {
    line += ',';
    if (is_weight) {
      line += weight_text(values[row], digits);
    } else {
      fmt::format_to(std::back_inserter(line), "{}", values[row]);
    }
  }
  void operator()(const std::vector<double>& values) const {
    double value = values[row];
    for (int i = 0; is_weight && i < digits; ++i) value /= 10;
    fmt::format_to(std::back_inserter(line), ",{:.9g}", value);
  }
};

bool is_weight(const graph::feature_column& column) { return column.unit == graph::feature_unit::weight; }

void write_file(const std::string& path, std::string_view text) {
  auto out = open_lines(path);
  auto written = out.write(text);
  if (written) written = out.close();
  if (!written) throw failure(exit_code::io, written.error().message);
}

}  // namespace

// ---- CSV -----------------------------------------------------------------------------------------------------------

feature_csv::feature_csv(const std::string& path, const graph::feature_table& table, int digits)
    : out_(open_lines(path)), digits_(digits) {
  line_ = "from,to,at,weight";
  for (const auto& column : table.columns()) line_ += "," + column.name;
  took(out_.write(line_));
}

bool feature_csv::write(std::span<const graph::edge_event> edges, const graph::feature_table& table,
                        const vertex_names& names) {
  for (std::size_t row = 0; row < edges.size(); ++row) {
    const auto& e = edges[row];
    line_ = fmt::format("{},{},{},{}", csv_text(names[e.from]), csv_text(names[e.to]), time_text(e.at),
                        weight_text(e.weight, digits_));
    for (const auto& column : table.columns()) {
      std::visit(value_text{row, digits_, is_weight(column), line_}, column.values);
    }
    if (!took(out_.write(line_))) return false;
  }
  return true;
}

void feature_csv::close() { took(out_.close()); }

bool feature_csv::took(const std::expected<void, stream::io_error>& written) const {
  if (written) return true;
  if (out_.reader_gone()) return false;
  throw failure(exit_code::io, written.error().message);
}

// ---- A folder of columns -------------------------------------------------------------------------------------------

feature_folder::feature_folder(const std::string& path, const graph::feature_table& table, int digits)
    : path_(path), digits_(digits) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) throw failure(exit_code::io, fmt::format("{}: {}", path, error.message()));
  for (const auto* name : key_names) {
    keys_.emplace_back(fmt::format("{}/{}.npy", path, name), npy_file::kind::whole);
  }
  for (const auto& column : table.columns()) {
    columns_.emplace_back(fmt::format("{}/{}.npy", path, column.name),
                          is_real(column) ? npy_file::kind::real : npy_file::kind::whole);
  }
}

void feature_folder::write(std::span<const graph::edge_event> edges, const graph::feature_table& table) {
  std::array<std::vector<std::int64_t>, key_names.size()> keys;
  for (const auto& e : edges) {
    keys[0].push_back(static_cast<std::uint32_t>(e.from));
    keys[1].push_back(static_cast<std::uint32_t>(e.to));
    keys[2].push_back(static_cast<std::int64_t>(e.at));
    keys[3].push_back(e.weight);
  }
  for (std::size_t i = 0; i < keys.size(); ++i) keys_[i].append(keys[i]);
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    std::visit([&](const auto& values) { columns_[i].append(std::span(values)); }, table.columns()[i].values);
  }
  rows_ += edges.size();
}

void feature_folder::close(const graph::feature_table& table, const vertex_names& names) {
  for (auto& file : keys_) file.close();
  for (auto& file : columns_) file.close();
  write_vertices(names);
  write_columns_json(table);
}

void feature_folder::write_vertices(const vertex_names& names) const {
  std::string text = "vertex,name";
  for (std::uint32_t i = 0; i < names.size(); ++i) {
    text += fmt::format("\n{},{}", i, csv_text(names[graph::vertex_id{i}]));
  }
  write_file(path_ + "/vertices.csv", text);
}

void feature_folder::write_columns_json(const graph::feature_table& table) const {
  nlohmann::ordered_json json{{"rows", rows_}, {"digits", digits_}};
  auto& columns = json["columns"] = nlohmann::ordered_json::array();
  const auto add = [&](const std::string& name, const std::string& meaning, bool real, bool weight) {
    columns.push_back({{"name", name},
                       {"file", name + ".npy"},
                       {"type", real ? "float64" : "int64"},
                       {"unit", weight ? "last digit" : ""},
                       {"meaning", meaning}});
  };
  for (std::size_t i = 0; i < key_names.size(); ++i) add(key_names[i], key_meanings[i], false, i == 3);
  for (const auto& column : table.columns()) add(column.name, column.meaning, is_real(column), is_weight(column));
  write_file(path_ + "/columns.json", json.dump(1, ' '));
}

}  // namespace weir::app
