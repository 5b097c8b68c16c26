#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "graph/concepts.hpp"
#include "graph/features/feature_table.hpp"

namespace weir::graph {

/// Which groups of features there are, each with its window in microseconds: an edge that is exactly so old is in. A
/// group without a window is left out.
struct feature_options {
  std::optional<std::int64_t> degree_us = {};
  std::optional<std::int64_t> fan_us = {};
  std::optional<std::int64_t> flow_us = {};
  std::optional<std::int64_t> scatter_gather_us = {};
  std::optional<std::int64_t> gather_scatter_us = {};
  std::optional<std::int64_t> temporal_cycles_us = {};
  std::optional<std::int64_t> simple_cycles_us = {};
  /// Edges of a temporal cycle, and of a simple cycle, at most: 2 to 64.
  std::size_t temporal_length_max = 6;
  std::size_t simple_length_max = 6;
  /// Edges that one search for one transaction looks at, at most.
  std::size_t steps_max = 10'000;

  friend bool operator==(const feature_options&, const feature_options&) = default;
};

/// Features of every transaction of a stream, for a model: what the graph looked like at the very moment when the
/// transaction came, itself the last edge. Exact as of the transaction, but where `truncated` counts a search that
/// ended at `steps_max`; so any cut of the stream into batches gives the same rows, to the bit.
///
/// | group | columns |
/// |---|---|
/// | degree | `{from,to}_{in,out}_degree`: edges of either end |
/// | fan | `{from,to}_fan_{in,out}`: distinct vertices that these edges come from, and go to |
/// | flow | `{from,to}_{in,out}_{sum,mean,min,max,std,skew,kurtosis}`: of their weights (`moments`) |
/// | scatter_gather | `scatter_gather_width`, `scatter_gather_sources` (`middleman_search::to_sink`) |
/// | gather_scatter | `gather_scatter_width` (`middleman_search::from_middle`) |
/// | temporal cycles | `temporal_cycles_N`: temporal cycles of N edges that the transaction closes (`find_cycles`) |
/// | simple cycles | `simple_cycles_N`: simple cycles of N edges through it, whatever their order in time |
/// | of any search | `truncated`: searches for this transaction that ended at `steps_max` |
///
/// Takes constant time, amortised, for degree, fan and flow, and a search each for the rest. Holds the edges of the
/// longest window; flow takes 128 bytes a vertex, and at most 128 an edge where an end has many. Of one thread.
class transaction_features {
 public:
  /// Windows and lengths beyond what is allowed are taken as the nearest that is.
  explicit transaction_features(const feature_options& options);
  ~transaction_features();
  transaction_features(transaction_features&&) noexcept;
  transaction_features& operator=(transaction_features&&) noexcept;

  /// The features of the next transactions, a row each in their order, which is that of the stream: none is older than
  /// one before it. Good until the next call.
  const feature_table& apply(std::span<const edge_event> transactions);

  /// The table without rows tells the columns.
  const feature_table& table() const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace weir::graph
