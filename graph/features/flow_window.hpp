#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "graph/features/moments.hpp"

namespace weir::graph {

/// Weights that come at one end and leave at the other, and how they are spread: two stacks, so that least and greatest
/// are known without a search, and nothing is ever subtracted (Tangwongsan, Hirzel, Schneider, *Low-Latency
/// Sliding-Window Aggregation in Worst-Case Constant Time*, 2017, section 2). The same operations give the same bits.
///
///     oldest → front: moments of all from here to the middle │ back: weights, and the moments of all of them ← newest
///
/// Constant time, amortised; a window of n takes n steps once in a while. At most 64 bytes a weight.
class flow_window {
 public:
  void push(std::int64_t weight) {
    weights_.push_back(weight);
    back_.add(weight);
  }
  /// Forgets the oldest; there is one.
  void pop() {
    if (front_.empty()) turn();
    front_.pop_back();
  }
  moments spread() const { return front_.empty() ? back_ : front_.back() + back_; }

 private:
  void turn() {
    moments all;
    for (std::size_t i = weights_.size(); i > 0; --i) {
      all.add(weights_[i - 1]);
      front_.push_back(all);
    }
    weights_.clear();
    back_ = {};
  }

  std::vector<moments> front_;  // the oldest last
  std::vector<std::int64_t> weights_;
  moments back_;
};

}  // namespace weir::graph
