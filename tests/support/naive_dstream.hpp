#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "tests/support/dstream_run.hpp"

// What the operators of a dstream mean, said by loops over lists: each takes the rows of a batch, or all batches, and
// has no state.
namespace weir::testing {

template <class K, class V>
using pairs = std::vector<std::pair<K, V>>;

/// The place of a key, at the end if it is not there.
template <class K, class V>
std::size_t place_of(const pairs<K, V>& list, const K& key) {
  std::size_t i = 0;
  while (i < list.size() && !(list[i].first == key)) ++i;
  return i;
}

template <class K, class V>
pairs<K, std::vector<V>> naive_group(const pairs<K, V>& rows) {
  pairs<K, std::vector<V>> groups;
  for (const auto& [key, value] : rows) {
    const auto place = place_of(groups, key);
    if (place == groups.size()) groups.push_back({key, {}});
    groups[place].second.push_back(value);
  }
  return groups;
}

template <class V, class F>
V naive_fold(const std::vector<V>& values, const F& f) {
  V sum = values.front();
  for (std::size_t i = 1; i < values.size(); ++i) sum = f(sum, values[i]);
  return sum;
}

template <class K, class V, class F>
pairs<K, V> naive_reduce(const pairs<K, V>& rows, const F& f) {
  pairs<K, V> sums;
  for (const auto& [key, values] : naive_group(rows)) sums.push_back({key, naive_fold(values, f)});
  return sums;
}

/// The batches of a window that ends with one of them.
template <class T>
std::vector<T> naive_window(const std::vector<std::vector<T>>& batches, std::size_t last, std::size_t length) {
  std::vector<T> rows;
  for (std::size_t i = last + 1 < length ? 0 : last + 1 - length; i <= last; ++i) {
    rows.insert(rows.end(), batches[i].begin(), batches[i].end());
  }
  return rows;
}

/// `of_window(rows of the window)` at each batch that ends one.
template <class T, class F>
auto naive_windows(const std::vector<std::vector<T>>& batches, std::size_t length, std::size_t slide,
                   const F& of_window) {
  using rows = std::invoke_result_t<const F&, const std::vector<T>&>;
  std::vector<std::pair<std::uint64_t, rows>> given;
  for (std::size_t i = slide - 1; i < batches.size(); i += slide)
    given.push_back({i, of_window(naive_window(batches, i, length))});
  return given;
}

/// Reduced by key and window. Keys stand in the order in which they came into the window to stay: by the first result
/// of the unbroken run of results that have them, then by the first batch and place there.
template <class K, class V, class F>
auto naive_keyed_windows(const std::vector<pairs<K, V>>& batches, std::size_t length, std::size_t slide, const F& f) {
  std::vector<std::pair<std::uint64_t, pairs<K, V>>> given;
  pairs<K, V> before;
  for (const auto& [number, sums] :
       naive_windows(batches, length, slide, [&](const auto& rows) { return naive_reduce(rows, f); })) {
    pairs<K, V> now;
    for (const auto& [key, sum] : before) {
      if (const auto place = place_of(sums, key); place < sums.size()) now.push_back(sums[place]);
    }
    for (const auto& one : sums) {
      if (place_of(now, one.first) == now.size()) now.push_back(one);
    }
    given.push_back({number, now});
    before = now;
  }
  return given;
}

template <class K, class V, class W>
std::vector<std::pair<K, std::pair<std::optional<V>, std::optional<W>>>> naive_join(const pairs<K, V>& left,
                                                                                    const pairs<K, W>& right,
                                                                                    bool keep_left, bool keep_right) {
  std::vector<std::pair<K, std::pair<std::optional<V>, std::optional<W>>>> rows;
  for (const auto& [key, value] : left) {
    const auto before = rows.size();
    for (const auto& [other, partner] : right) {
      if (key == other) rows.push_back({key, {value, partner}});
    }
    if (rows.size() == before && keep_left) rows.push_back({key, {value, std::nullopt}});
  }
  for (const auto& [key, value] : right) {
    if (keep_right && place_of(left, key) == left.size()) rows.push_back({key, {std::nullopt, value}});
  }
  return rows;
}

template <class K, class V, class W>
auto naive_cogroup(const pairs<K, V>& left, const pairs<K, W>& right) {
  std::vector<std::pair<K, std::pair<std::vector<V>, std::vector<W>>>> groups;
  for (const auto& [key, values] : naive_group(left)) groups.push_back({key, {values, {}}});
  for (const auto& [key, values] : naive_group(right)) {
    const auto place = place_of(groups, key);
    if (place == groups.size()) groups.push_back({key, {}});
    groups[place].second.second = values;
  }
  return groups;
}

/// All states after each batch.
template <class K, class V, class S, class F>
auto naive_states(const std::vector<pairs<K, V>>& batches, pairs<K, S> states, const F& f) {
  std::vector<std::pair<std::uint64_t, pairs<K, S>>> given;
  for (std::size_t i = 0; i < batches.size(); ++i) {
    pairs<K, std::optional<S>> next;
    for (const auto& [key, state] : states) next.push_back({key, state});
    const auto groups = naive_group(pairs<K, V>(batches[i].begin(), batches[i].end()));
    for (const auto& [key, values] : groups) {
      if (place_of(next, key) == next.size()) next.push_back({key, std::nullopt});
    }
    states.clear();
    for (auto& [key, state] : next) {
      const auto place = place_of(groups, key);
      const auto after = f(place < groups.size() ? groups[place].second : std::vector<V>{}, state);
      if (after) states.push_back({key, *after});
    }
    given.push_back({i, states});
  }
  return given;
}

}  // namespace weir::testing
