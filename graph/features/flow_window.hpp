#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "graph/features/moments.hpp"

namespace weir::graph {

/// Weights that come at one end and leave at the other, and how they are spread. A few lie side by side, and each
/// question looks at all. More are in two stacks, so that least and greatest are known without a search, and nothing is
/// ever subtracted (Tangwongsan, Hirzel, Schneider, *Low-Latency Sliding-Window Aggregation in Worst-Case Constant
/// Time*, 2017, section 2). The same operations give the same bits.
///
///     oldest → front: moments of all from here to the middle │ back: weights, and the moments of all of them ← newest
///
/// Constant time, amortised; a window of n takes n steps once in a while. A cache line, and at most 64 bytes a weight
/// where there are more than six.
class flow_window {
 public:
  void push(std::int64_t weight) {
    if (many_ != nullptr) {
      many_->push(weight);
    } else if (few_count_ < few_.size()) {
      few_[few_count_++] = weight;
    } else {
      many_ = std::make_unique<stacks>();
      for (const std::int64_t w : few_) many_->push(w);
      many_->push(weight);
      few_count_ = 0;
    }
  }
  /// Forgets the oldest; there is one.
  void pop() {
    if (many_ == nullptr) {
      --few_count_;
      for (std::size_t i = 0; i < few_count_; ++i) few_[i] = few_[i + 1];
      return;
    }
    many_->pop();
    if (many_->empty()) many_.reset();
  }
  moments spread() const { return many_ != nullptr ? many_->spread() : moments::of(std::span(few_).first(few_count_)); }

 private:
  class stacks {
   public:
    bool empty() const { return front_.empty() && weights_.empty(); }
    void push(std::int64_t weight) {
      weights_.push_back(weight);
      back_.add(weight);
    }
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

  std::array<std::int64_t, 6> few_{};  // the oldest first
  std::size_t few_count_ = 0;
  std::unique_ptr<stacks> many_;
};
static_assert(sizeof(flow_window) == 64);

}  // namespace weir::graph
