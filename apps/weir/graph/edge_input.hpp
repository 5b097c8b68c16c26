#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/weir/graph/input_options.hpp"
#include "apps/weir/graph/vertex_names.hpp"
#include "graph/concepts.hpp"
#include "stream/time.hpp"

namespace weir::app {

/// What there was to read, in records.
struct edge_counts {
  std::uint64_t edges = 0;
  std::uint64_t bad = 0;
  std::uint64_t late = 0;
  std::uint64_t without_ends = 0;    // events that lack one end, or both
  std::uint64_t without_weight = 0;  // taken as 0
  std::uint64_t rounded = 0;         // weights that had more digits
};

/// Edges as the files of a `weir graph` bring them, all together in the order of time. Bad and late records are counted
/// and set aside. One thread.
class edge_input {
 public:
  /// Opens every file. Throws `failure`.
  explicit edge_input(const graph_input_options& options);
  ~edge_input();

  /// The next edges, some thousands at most, none later than `--as-of`; false when there are no more. Throws `failure`
  /// when a file cannot be read, or when of all its records none is an edge.
  bool next(std::vector<graph::edge_event>& edges);

  const vertex_names& names() const;
  const edge_counts& counts() const;
  /// The window; none: all is kept.
  std::optional<stream::duration> keep() const;
  std::optional<stream::timestamp> as_of() const;
  /// Digits behind the point of a weight.
  int digits() const;
  /// Whether any edge had a weight.
  bool has_weights() const;

  /// Says on standard error what was set aside or rounded, and where; nothing when all was taken as it is.
  void report() const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace weir::app
