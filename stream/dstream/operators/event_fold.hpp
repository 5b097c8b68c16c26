#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <utility>
#include <vector>

#include "stream/dstream/node.hpp"

namespace weir::stream {

/// Stands for a merge that there is not.
struct no_merge {};

/// How the rows of a window are summed: create(value) makes the sum of the first one, add(sum&, value) puts in a
/// further one, and merge(sum& earlier, later), if there is one, puts in a sum.
template <class Sum, class Create, class Add, class Merge>
struct event_fold {
  using sum = Sum;
  using result = Sum;
  static constexpr bool merges = !std::same_as<Merge, no_merge>;

  [[no_unique_address]] Create create;
  [[no_unique_address]] Add add;
  [[no_unique_address]] Merge merge;

  template <class Value>
  sum first(std::uint64_t, Value&& value) const {
    return create(std::forward<Value>(value));
  }
  template <class Value>
  void next(sum& so_far, std::uint64_t, Value&& value) const {
    add(so_far, std::forward<Value>(value));
  }
  static result finish(sum so_far) { return so_far; }
};

}  // namespace weir::stream
