#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "apps/weir/graph/npy_file.hpp"
#include "apps/weir/graph/vertex_names.hpp"
#include "graph/concepts.hpp"
#include "graph/features/feature_table.hpp"
#include "stream/file/line_writer.hpp"

namespace weir::app {

/// Transactions and their features as CSV: from, to, at, weight, and a column each. Throws `failure` when it cannot be
/// written.
class feature_csv {
 public:
  feature_csv(const std::string& path, const graph::feature_table& table, int digits);

  /// False when nobody reads any more.
  bool write(std::span<const graph::edge_event> edges, const graph::feature_table& table, const vertex_names& names);
  void close();

 private:
  bool took(const std::expected<void, stream::io_error>& written) const;

  stream::line_writer out_;
  int digits_;
  std::string line_;
};

/// The same as a folder with a file for each column (`npy_file`): from and to are numbers of vertices, whose names
/// are in vertices.csv; at is in microseconds since 1970, weights are in units of the last digit that is kept.
/// columns.json says what each column means.
class feature_folder {
 public:
  feature_folder(const std::string& path, const graph::feature_table& table, int digits);

  void write(std::span<const graph::edge_event> edges, const graph::feature_table& table);
  void close(const graph::feature_table& table, const vertex_names& names);

 private:
  void write_columns_json(const graph::feature_table& table) const;
  void write_vertices(const vertex_names& names) const;

  std::string path_;
  int digits_;
  std::vector<npy_file> keys_;  // from, to, at, weight
  std::vector<npy_file> columns_;
  std::uint64_t rows_ = 0;
};

}  // namespace weir::app
