#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "stream/dstream/dstream.hpp"
#include "tests/support/naive_dstream.hpp"

// What the operators of event time mean, said by loops over the whole list of rows, which know nothing of batches; and
// when what they give comes, said by the watermarks of the batches.
namespace weir::testing {

using stream::duration;
using stream::timestamp;

/// A row of a list.
template <class T>
struct placed {
  timestamp at;
  std::size_t number;
  T value;
};

/// What comes when the watermark has reached a time.
template <class T>
struct coming {
  timestamp due;
  T row;
};

/// Before row `number`; of a list of that length, behind its end.
template <class T>
timestamp naive_watermark(const std::vector<stream::timed<T>>& rows, std::size_t number, duration lateness) {
  timestamp watermark = stream::start_of_time;
  for (std::size_t i = 0; i < number; ++i) watermark = std::max(watermark, rows[i].at - lateness);
  return watermark;
}

template <class T>
std::vector<placed<T>> naive_rows(const std::vector<stream::timed<T>>& rows, duration lateness, bool late = false) {
  std::vector<placed<T>> given;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if ((rows[i].at < naive_watermark(rows, i, lateness)) == late) given.push_back({rows[i].at, i, rows[i].value});
  }
  return given;
}

/// The rows of the first batches, or of all.
template <class Rows>
Rows joined_batches(const std::vector<Rows>& batches, std::size_t count = SIZE_MAX) {
  Rows rows;
  for (std::size_t i = 0; i < std::min(count, batches.size()); ++i)
    rows.insert(rows.end(), batches[i].begin(), batches[i].end());
  return rows;
}

/// The watermark at the end of each batch.
template <class Rows>
std::vector<timestamp> naive_watermarks(const std::vector<Rows>& batches, duration lateness) {
  std::vector<timestamp> watermarks;
  for (std::size_t i = 1; i <= batches.size(); ++i) {
    const auto rows = joined_batches(batches, i);
    watermarks.push_back(i == batches.size() ? stream::end_of_time : naive_watermark(rows, rows.size(), lateness));
  }
  return watermarks;
}

/// What comes, batch by batch.
template <class T>
std::vector<batch_output<T>> naive_batches(const std::vector<timestamp>& watermarks,
                                           const std::vector<coming<T>>& results) {
  std::vector<batch_output<T>> given;
  timestamp before = stream::start_of_time;
  for (std::size_t i = 0; i < watermarks.size(); ++i) {
    given.push_back({i, {}});
    for (const auto& [due, row] : results) {
      if (before < due && due <= watermarks[i]) given.back().second.push_back(row);
    }
    before = watermarks[i];
  }
  return given;
}

/// What comes with its row.
template <class T, class Rows>
std::vector<batch_output<T>> naive_at_once(const std::vector<Rows>& batches, const std::vector<placed<T>>& rows) {
  std::vector<batch_output<T>> given;
  std::size_t from = 0;
  for (std::size_t i = 0; i < batches.size(); ++i) {
    given.push_back({i, {}});
    for (const auto& [at, number, value] : rows) {
      if (number >= from && number < from + batches[i].size()) given.back().second.push_back(value);
    }
    from += batches[i].size();
  }
  return given;
}

/// A window, or a session of a key, and its rows in the order of arrival.
template <class T>
struct naive_window_rows {
  timestamp start;
  timestamp end;
  std::vector<placed<T>> rows;
};

/// All windows that have rows, in the order of time.
template <class T>
std::vector<naive_window_rows<T>> naive_fixed_windows(const std::vector<placed<T>>& rows,
                                                      const stream::fixed_windows& windows) {
  std::vector<naive_window_rows<T>> given;
  if (rows.empty()) return given;
  const auto [first, last] = std::ranges::minmax(rows, {}, &placed<T>::at);
  for (timestamp start = first.at - windows.length; start <= last.at; start += duration{1}) {
    if ((start.time_since_epoch() - windows.offset) % windows.slide != duration::zero()) continue;
    naive_window_rows<T> window{start, start + windows.length, {}};
    for (const auto& row : rows) {
      if (row.at >= start && row.at < window.end) window.rows.push_back(row);
    }
    if (!window.rows.empty()) given.push_back(window);
  }
  return given;
}

/// The rows of each key, keys in the order of their first rows.
template <class K, class V>
pairs<K, std::vector<placed<V>>> naive_by_key(const std::vector<placed<std::pair<K, V>>>& rows) {
  pairs<K, placed<V>> placed_rows;
  for (const auto& [at, number, row] : rows) placed_rows.push_back({row.first, {at, number, row.second}});
  return naive_group(placed_rows);
}

template <class K, class V>
std::vector<std::pair<K, naive_window_rows<V>>> naive_sessions(const std::vector<placed<std::pair<K, V>>>& rows,
                                                               duration gap) {
  std::vector<std::pair<K, naive_window_rows<V>>> given;
  for (auto [key, of_key] : naive_by_key(rows)) {
    std::ranges::stable_sort(of_key, {}, &placed<V>::at);
    std::vector<naive_window_rows<V>> sessions;
    for (const auto& row : of_key) {
      if (sessions.empty() || row.at - sessions.back().rows.back().at >= gap) sessions.push_back({row.at, {}, {}});
      sessions.back().end = row.at + gap;
      sessions.back().rows.push_back(row);
    }
    for (auto& session : sessions) {
      std::ranges::sort(session.rows, {}, &placed<V>::number);
      given.push_back({key, session});
    }
  }
  std::ranges::sort(given, {}, [](const auto& one) { return std::pair(one.second.end, one.second.rows[0].number); });
  return given;
}

template <class V>
std::vector<V> values_of(const std::vector<placed<V>>& rows) {
  std::vector<V> values;
  for (const auto& row : rows) values.push_back(row.value);
  return values;
}

/// Folded in stretches of the window, and then the stretches.
template <class V, class F>
V naive_fold_by_panes(const naive_window_rows<V>& window, duration pane, const F& f) {
  std::vector<V> sums;
  for (timestamp start = window.start; start < window.end; start += pane) {
    std::vector<V> values;
    for (const auto& row : window.rows) {
      if (row.at >= start && row.at < start + pane) values.push_back(row.value);
    }
    if (!values.empty()) sums.push_back(naive_fold(values, f));
  }
  return naive_fold(sums, f);
}

/// `all` has the late rows too, whose times the watermark knows.
template <class T, class KeyOf>
std::vector<placed<T>> naive_first_rows(const std::vector<stream::timed<T>>& all, duration lateness, duration within,
                                        const KeyOf& key_of) {
  std::vector<placed<T>> passed;
  for (const auto& row : naive_rows(all, lateness)) {
    const timestamp watermark = naive_watermark(all, row.number, lateness);
    const bool again = std::ranges::any_of(passed, [&](const placed<T>& before) {
      return key_of(before.value) == key_of(row.value) && before.at + within >= watermark;
    });
    if (!again) passed.push_back(row);
  }
  return passed;
}

/// Any join, as a full outer one. Rows come when the watermark is behind their time.
template <class K, class V, class W>
auto naive_join_within(const std::vector<placed<std::pair<K, V>>>& left,
                       const std::vector<placed<std::pair<K, W>>>& right, const stream::time_bounds& bounds,
                       bool keep_left, bool keep_right) {
  using row = std::pair<K, std::pair<std::optional<V>, std::optional<W>>>;
  struct one {
    timestamp at;
    std::size_t left;
    std::size_t right;
    row given;
  };
  std::vector<one> all;
  const auto partners = [&](const auto& l, const auto& r) {
    return l.value.first == r.value.first && l.at - bounds.before <= r.at && r.at <= l.at + bounds.after;
  };
  for (const auto& l : left) {
    bool met = false;
    for (const auto& r : right) {
      if (!partners(l, r)) continue;
      met = true;
      all.push_back({std::max(l.at, r.at), l.number, r.number, {l.value.first, {l.value.second, r.value.second}}});
    }
    if (keep_left && !met)
      all.push_back({std::max(l.at, l.at + bounds.after), l.number, SIZE_MAX, {l.value.first, {l.value.second, {}}}});
  }
  for (const auto& r : right) {
    if (!keep_right || std::ranges::any_of(left, [&](const auto& l) { return partners(l, r); })) continue;
    all.push_back({std::max(r.at, r.at + bounds.before), SIZE_MAX, r.number, {r.value.first, {{}, r.value.second}}});
  }
  std::ranges::sort(all, {}, [](const one& a) { return std::tuple(a.at, a.left, a.right); });
  std::vector<coming<row>> given;
  for (const auto& a : all) given.push_back({a.at + duration{1}, a.given});
  return given;
}

/// The rows of streams, which come when the watermark is behind their time.
template <class T>
std::vector<coming<T>> naive_union(const std::vector<std::vector<placed<T>>>& streams) {
  std::vector<placed<T>> all;
  for (const auto& rows : streams) all.insert(all.end(), rows.begin(), rows.end());
  std::ranges::stable_sort(all, {}, &placed<T>::at);
  std::vector<coming<T>> given;
  for (const auto& row : all) given.push_back({row.at + duration{1}, row.value});
  return given;
}

/// The rows with the greatest f(row), where there are rows.
template <class T, class F>
std::vector<T> naive_greatest(const std::vector<placed<T>>& rows, const F& f) {
  std::vector<T> given;
  for (const auto& row : rows) {
    if (std::ranges::all_of(rows, [&](const auto& other) { return f(other.value) <= f(row.value); }))
      given.push_back(row.value);
  }
  return given;
}

}  // namespace weir::testing
