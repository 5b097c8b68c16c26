#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "graph/features/transaction_features.hpp"

namespace weir::testing {

/// The features of a transaction, by column.
struct naive_row {
  std::map<std::string, std::int64_t> counts;
  std::map<std::string, double> reals;
};

/// The twin of `graph::transaction_features`, without its limits of steps: for each transaction every question is asked
/// of the list of all edges before it.
std::vector<naive_row> naive_features(const std::vector<graph::edge_event>& transactions,
                                      const graph::feature_options& options);

}  // namespace weir::testing
