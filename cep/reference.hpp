#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cep/expression.hpp"

namespace weir::cep {

/// The values of a `list`, as written; what they are compared with decides the dictionary. One of addresses holds
/// blocks too: "10.0.0.0/8".
struct value_list {
  value_type type;
  std::vector<std::string> values;

  friend bool operator==(const value_list&, const value_list&) = default;
};

/// The rows of a `table`: a key, and a value a column, missing ones empty. Keys are texts, entities or whole numbers,
/// as written, and unique.
struct value_table {
  struct row {
    std::string key;
    std::vector<std::optional<constant_value>> values;  // numbers in the column's own digits

    friend bool operator==(const row&, const row&) = default;
  };

  value_type key;
  std::vector<value_type> columns;
  std::vector<row> rows;

  friend bool operator==(const value_table&, const value_table&) = default;
};

/// A trained model: one number for its arguments, a missing one as NaN. Several threads may call it at once.
using model = std::function<double(std::span<const double>)>;

/// What rules read beside the stream; expressions name an entry by its index.
struct reference_data {
  std::vector<value_list> lists;
  std::vector<value_table> tables;
  std::vector<model> models;
  std::vector<graph_shape> graphs;
};

}  // namespace weir::cep
