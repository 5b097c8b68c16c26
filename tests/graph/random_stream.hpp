#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "graph/delta.hpp"
#include "graph/store.hpp"
#include "tests/support/naive_graph.hpp"

namespace weir::graph {

struct random_stream_options {
  unsigned seed = 1;
  std::uint32_t vertices = 40;
  std::int64_t keep_us = 200;  // which is the edges in the window: one comes a microsecond
  std::size_t batch = 7;
};

/// Edges by chance, some vertices drawn more often than others, in batches; some are taken back. In a store and in its
/// twin.
class random_stream {
 public:
  explicit random_stream(const random_stream_options& options)
      : options_(options), random_(options.seed), fast_({.keep_us = options.keep_us}), slow_(options.keep_us) {}

  void next() {
    std::vector<edge_event> edges;
    for (std::size_t i = 0; i < options_.batch; ++i) edges.push_back({vertex(), vertex(), time_us{++at_}, 1});
    std::vector<edge_id> back;
    if (random_() % 2 == 0) back.push_back(edge_id{random_() % static_cast<std::uint64_t>(at_)});
    changed_ = fast_.apply(edges, time_us{at_}, back);
    if (options_.vertices <= 200) slow_.apply(edges, time_us{at_}, back);
  }

  const store& fast() const { return fast_; }
  /// Nothing in it where there are more than 200 vertices.
  const testing::naive_graph& slow() const { return slow_; }
  const delta& changed() const { return changed_; }

 private:
  vertex_id vertex() {
    const auto range = static_cast<std::uint32_t>(random_() % 4 == 0 ? options_.vertices / 4 : options_.vertices);
    return vertex_id{static_cast<std::uint32_t>(random_()) % range};
  }

  random_stream_options options_;
  std::mt19937 random_;
  store fast_;
  testing::naive_graph slow_;
  delta changed_;
  std::int64_t at_ = 0;
};

}  // namespace weir::graph
