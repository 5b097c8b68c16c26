#pragma once

#include <cstdint>
#include <map>
#include <utility>

#include "graph/algorithms/edge_anomalies.hpp"
#include "graph/concepts.hpp"

namespace weir::testing {

/// The twin of `graph::edge_anomalies`, with a count for each edge, source and target in place of sketches.
class naive_anomalies {
 public:
  explicit naive_anomalies(graph::anomaly_options options) : options_(options) {}

  /// Of the next edge of the stream.
  double score(const graph::edge& e);

 private:
  enum class kind : std::uint8_t { edge, source, target };
  using key = std::pair<kind, std::pair<graph::vertex_id, graph::vertex_id>>;
  struct counts {
    double current = 0;
    double total = 0;
    double score = 0;
  };

  double add(const key& of);
  void end_tick();

  graph::anomaly_options options_;
  std::map<key, counts> counts_;
  std::int64_t first_ = 0;
  std::int64_t tick_ = 0;  // the first is 1
};

}  // namespace weir::testing
