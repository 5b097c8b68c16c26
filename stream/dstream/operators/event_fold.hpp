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

/// The same without a merge where sums have to be merged: the values are kept, and summed in the order of arrival when
/// all are there.
template <class V, class Sum, class Create, class Add>
struct arrival_fold {
  using sum = std::vector<std::pair<std::uint64_t, V>>;  // the rows' numbers and values
  using result = Sum;
  static constexpr bool merges = true;

  [[no_unique_address]] Create create;
  [[no_unique_address]] Add add;

  template <class Value>
  sum first(std::uint64_t number, Value&& value) const {
    sum made;
    made.emplace_back(number, std::forward<Value>(value));
    return made;
  }
  template <class Value>
  void next(sum& so_far, std::uint64_t number, Value&& value) const {
    so_far.emplace_back(number, std::forward<Value>(value));
  }
  void merge(sum& so_far, const sum& other) const {
    const auto old = static_cast<std::ptrdiff_t>(so_far.size());
    so_far.insert(so_far.end(), other.begin(), other.end());
    std::ranges::inplace_merge(so_far, so_far.begin() + old, {}, [](const auto& one) { return one.first; });
  }
  result finish(const sum& all) const {
    result made = create(all.front().second);
    for (std::size_t i = 1; i < all.size(); ++i) add(made, all[i].second);
    return made;
  }
};

}  // namespace weir::stream
