#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace weir::graph {

/// What a feature is measured in: weights are in the edges' integer minor units.
enum class feature_unit : std::uint8_t { none, weight };

/// A column of features: counts and weights are whole numbers, the rest is not.
struct feature_column {
  std::string name;
  std::string meaning;
  feature_unit unit = feature_unit::none;
  std::variant<std::vector<std::int64_t>, std::vector<double>> values;

  friend bool operator==(const feature_column&, const feature_column&) = default;
};

/// Features of some transactions, a row each, in columns without gaps: what Arrow calls a primitive array without
/// nulls. A value.
class feature_table {
 public:
  template <class T>
  std::size_t add(std::string_view name, std::string_view meaning, feature_unit unit = feature_unit::none) {
    columns_.push_back({std::string(name), std::string(meaning), unit, std::vector<T>{}});
    return columns_.size() - 1;
  }
  /// So many rows of zeros, instead of what was there.
  void begin(std::size_t rows) {
    rows_ = rows;
    for (feature_column& column : columns_) std::visit([rows](auto& values) { values.assign(rows, 0); }, column.values);
  }
  void set(std::size_t column, std::size_t row, std::int64_t value) { write(column, row, value); }
  void set(std::size_t column, std::size_t row, double value) { write(column, row, value); }
  /// By one; of a column of counts.
  void increase(std::size_t column, std::size_t row) {
    ++(*std::get_if<std::vector<std::int64_t>>(&columns_[column].values))[row];
  }

  const std::vector<feature_column>& columns() const { return columns_; }
  std::size_t rows() const { return rows_; }

  friend bool operator==(const feature_table&, const feature_table&) = default;

 private:
  template <class T>
  void write(std::size_t column, std::size_t row, T value) {
    (*std::get_if<std::vector<T>>(&columns_[column].values))[row] = value;
  }

  std::vector<feature_column> columns_;
  std::size_t rows_ = 0;
};

}  // namespace weir::graph
