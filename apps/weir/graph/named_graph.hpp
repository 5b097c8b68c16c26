#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "apps/weir/graph/edge_input.hpp"
#include "graph/store.hpp"

namespace weir::app {

/// The window's edges with what is known of them: as of the last edge, or of `--as-of`.
struct named_graph {
  graph::store edges;
  vertex_names names;
  int digits = 0;
  bool has_weights = false;
  edge_counts read;

  const std::string& name(graph::vertex_id v) const { return names[v]; }
};

/// Reads all edges of the files, and says on standard error what was set aside. Throws `failure`.
named_graph read_graph(const graph_input_options& options);

/// "1234.56": a weight with so many digits behind the point.
std::string weight_text(std::int64_t weight, int digits);
/// "1,234.56".
std::string grouped_weight(std::int64_t weight, int digits);
/// "2024-05-01T10:00:00Z".
std::string time_text(graph::time_us at);
/// A field of CSV, in quotes where it needs them.
std::string csv_text(const std::string& text);

/// How a verb writes what it found.
enum class answer_format : std::uint8_t { text, json, csv };

/// Adds `--format text|json|csv`, or without csv.
void add_answer_format(CLI::App& verb, answer_format& format, bool with_csv = true);

/// Writes to standard output; a reader that is gone is no error. Throws `failure`.
void print_answer(const std::string& text);

}  // namespace weir::app
