#pragma once

#include <algorithm>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "stream/dstream/operators/event_exchange.hpp"
#include "stream/dstream/operators/event_fold.hpp"

namespace weir::stream {

/// What a window of event time gives: of the rows at start <= time < end.
template <class T>
struct windowed {
  timestamp start{};
  timestamp end{};
  T value;
  bool operator==(const windowed&) const = default;
};

/// (key, value), or the value alone where there are no keys.
template <class K, class V>
using with_key = std::conditional_t<std::same_as<K, no_key>, V, std::pair<K, V>>;

template <class K, class V>
with_key<K, V> under_key([[maybe_unused]] const K& key, V value) {
  if constexpr (std::same_as<K, no_key>) {
    return value;
  } else {
    return {key, std::move(value)};
  }
}

/// Windows of one length whose starts are `slide` apart, counted from 1970 and the offset.
struct fixed_windows {
  duration length{};
  duration slide{};
  duration offset{};

  /// The last start that is not after `at`, of starts that are `step` apart.
  timestamp start_before(timestamp at, duration step) const {
    duration behind = (at.time_since_epoch() % step - offset % step) % step;
    if (behind < duration::zero()) behind += step;
    return saturating_add(at, -behind);
  }
  timestamp last_start(timestamp at) const { return start_before(at, slide); }
  timestamp end_of(timestamp start) const { return saturating_add(start, length); }
  bool has(timestamp at) const { return end_of(last_start(at)) > at; }

  /// Calls take(start) for each window that has `at`, the last one first.
  template <class Take>
  void for_each_at(timestamp at, const Take& take) const {
    for (timestamp start = last_start(at), next = start; end_of(start) > at; start = next) {
      take(start);
      next = saturating_add(start, -slide);
      if (next == start) return;
    }
  }

  /// The first window that has `at` and ends after `closed`.
  timestamp first_start(timestamp at, timestamp closed) const {
    timestamp first = last_start(at);
    for_each_at(at, [&](timestamp start) {
      if (end_of(start) > closed) first = start;
    });
    return first;
  }
};

/// The rows of each window summed by key. A window closes when the watermark has reached its end: no row that is in
/// time can then be in it. Windows come in the order of their ends; the keys of one in the order of their first rows.
///
/// With a merge, rows are summed in panes, the stretches that all windows are made of, so that a row costs one look at
/// a table however many windows have it; the panes of a window are merged in the order of time when it closes. Without,
/// a row is put into each of its windows.
template <class Pipe, class Split, class K, class V, class Fold>
class event_window_node final : public node<windowed<with_key<K, typename Fold::result>>> {
 public:
  using row = windowed<with_key<K, typename Fold::result>>;
  using sum = typename Fold::sum;

  event_window_node(Pipe pipe, Split split, std::string name, fixed_windows windows, Fold fold)
      : node<row>(pipe.from().room(), std::move(name), {&pipe.from()}, pipe.from().slide()),
        pipe_(std::move(pipe)),
        split_(std::move(split)),
        windows_(windows),
        fold_(std::move(fold)),
        pane_length_(Fold::merges ? std::gcd(windows.length.count(), windows.slide.count()) : windows.length.count()),
        clock_(pipe_.lateness),
        shards_(event_exchange<K, V>::shards(this->room().workers)),
        results_(shards_.size()) {}

  void run(const batch_info& now) override {
    exchange_.run(pipe_, split_, this->room().workers, clock_,
                  [this](std::size_t at, const event_place& place, std::uint64_t hash, const auto& key, auto&& value) {
                    take(shards_[at], place, hash, key, std::forward<decltype(value)>(value));
                  });
    results_.clear();
    const timestamp closed = clock_.watermark();
    const timestamp reached = clock_.advance(pipe_, now);
    this->room().workers.run(shards_.size(), [&](std::size_t at) { close(at, closed, reached); });
    this->rows_.clear();
    this->rows_.add_evenly(results_.in_order(), this->room().parts);
  }

  bool can_save() const override { return storable<K> && storable<sum>; }
  void save(encoder& out) const override {
    if constexpr (storable<K> && storable<sum>) {
      clock_.save(out);
      const auto all = in_order();
      encode(out, static_cast<std::uint64_t>(all.size()));
      for (const auto& [start, first, entry] : all) {
        encode(out, start);
        encode(out, first);
        encode(out, entry->first);
        encode(out, entry->second.value);
      }
    }
  }
  void load(decoder& in) override {
    if constexpr (storable<K> && storable<sum>) {
      clock_.load(in);
      for (auto left = restored<std::uint64_t>(in); left > 0 && !in.failed(); --left) {
        const auto start = restored<timestamp>(in);
        const auto first = restored<std::uint64_t>(in);
        const auto key = restored<K>(in);
        const auto hash = key_hash(key);
        auto value = restored<sum>(in);
        auto& keys = pane_from(shards_[exchange<K, V>::shard_of(hash, shards_.size())], start).keys;
        keys.find_or_add(key, hash, [&] { return summed{first, std::move(value)}; });
      }
    }
  }

  state_size state() const override {
    state_size size{.late_rows = clock_.late_rows};
    for (const auto& one : shards_) {
      for (const auto& part : one.panes) size += {.rows = part.keys.size(), .bytes = part.keys.bytes()};
    }
    return size;
  }
  std::optional<timestamp> watermark() const override { return clock_.shown(); }
  std::optional<timestamp> rows_watermark() const override { return clock_.rows_watermark(); }

 private:
  struct summed {
    std::uint64_t first = 0;  // row's number
    sum value;
  };
  using table = keyed_table<K, summed>;
  struct pane {
    timestamp start;
    timestamp end;
    table keys;
  };
  struct order {
    timestamp start;
    std::uint64_t first;
    auto operator<=>(const order&) const = default;
  };
  struct shard {
    std::vector<pane> panes{};  // by start
    std::size_t recent = 0;     // where the last row was
    std::vector<table> spare{};
    table together{};                                               // the panes of a window
    std::vector<std::pair<std::uint64_t, std::size_t>> by_first{};  // and the keys' places there
  };

  bool windows_are_panes() const { return pane_length_ == windows_.length; }

  template <class Key, class Value>
  void take(shard& of, const event_place& place, std::uint64_t hash, const Key& key, Value&& value) {
    if constexpr (Fold::merges) {
      if (windows_.slide > windows_.length && !windows_.has(place.at)) return;
      add(pane_at(of, place.at), place, hash, key, std::forward<Value>(value));
    } else {
      windows_.for_each_at(place.at, [&](timestamp start) { add(pane_from(of, start), place, hash, key, value); });
    }
  }

  template <class Key, class Value>
  void add(pane& to, const event_place& place, std::uint64_t hash, const Key& key, Value&& value) {
    const auto [at, added] =
        to.keys.find_or_add(key, hash, [&] { return summed{place.number, fold_.first(place.number, value)}; });
    if (!added) fold_.next(to.keys[at].second.value, place.number, std::forward<Value>(value));
  }

  pane& pane_at(shard& of, timestamp at) {
    if (of.recent < of.panes.size()) {
      pane& recent = of.panes[of.recent];
      if (recent.start <= at && at < recent.end) return recent;
    }
    return pane_from(of, windows_.start_before(at, pane_length_));
  }

  pane& pane_from(shard& of, timestamp start) {
    if (of.recent < of.panes.size() && of.panes[of.recent].start == start) return of.panes[of.recent];
    auto place = std::ranges::lower_bound(of.panes, start, {}, &pane::start);
    if (place == of.panes.end() || place->start != start) {
      table keys;
      if (!of.spare.empty()) {
        keys = std::move(of.spare.back());
        of.spare.pop_back();
      }
      place = of.panes.insert(place, {start, saturating_add(start, pane_length_), std::move(keys)});
    }
    of.recent = static_cast<std::size_t>(place - of.panes.begin());
    return *place;
  }

  /// Gives the windows that end after `closed`, and up to `reached`.
  void close(std::size_t at, timestamp closed, timestamp reached) {
    shard& of = shards_[at];
    while (!of.panes.empty()) {
      const pane& first = of.panes.front();
      const timestamp start = windows_are_panes() ? first.start : windows_.first_start(first.start, closed);
      const timestamp end = windows_.end_of(start);
      if (end > reached) return;
      if (windows_are_panes()) {
        give_all(at, start, end, of.panes.front().keys);
        drop(of, 1);
      } else {
        give(at, start, end);
        drop_before(of, saturating_add(start, windows_.slide));
      }
      closed = end;
    }
  }

  /// Takes the sums out of it.
  void give_all(std::size_t at, timestamp start, timestamp end, table& keys) {
    for (std::size_t i = 0; i < keys.places(); ++i) {
      auto& [key, of] = keys[i];
      give_row(at, start, end, key, of.first, std::move(of.value));
    }
  }

  void give_row(std::size_t at, timestamp start, timestamp end, const K& key, std::uint64_t first, sum value) {
    results_.add(at, {start, first}, {start, end, under_key(key, fold_.finish(std::move(value)))});
  }

  void give(std::size_t at, timestamp start, timestamp end) {
    shard& of = shards_[at];
    bring_together(of, end);
    of.by_first.clear();
    for (std::size_t i = 0; i < of.together.places(); ++i) of.by_first.push_back({of.together[i].second.first, i});
    if (std::ranges::is_sorted(of.by_first)) return give_all(at, start, end, of.together);
    std::ranges::sort(of.by_first);
    for (const auto& [first, i] : of.by_first) {
      auto& [key, one] = of.together[i];
      give_row(at, start, end, key, first, std::move(one.value));
    }
  }

  void bring_together(shard& of, timestamp end) {
    of.together.clear();
    for (const auto& part : of.panes) {
      if (part.start >= end) return;
      for (const auto& [key, one] : part.keys.entries()) {
        const auto [place, added] = of.together.find_or_add(key, key_hash(key), [&] { return one; });
        if (added) continue;
        summed& sum_of = of.together[place].second;
        sum_of.first = std::min(sum_of.first, one.first);
        if constexpr (Fold::merges) fold_.merge(sum_of.value, one.value);
      }
    }
  }

  void drop_before(shard& of, timestamp start) {
    std::size_t count = 0;
    while (count < of.panes.size() && of.panes[count].start < start) ++count;
    drop(of, count);
  }
  void drop(shard& of, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      of.panes[i].keys.clear();
      of.spare.push_back(std::move(of.panes[i].keys));
    }
    of.panes.erase(of.panes.begin(), of.panes.begin() + static_cast<std::ptrdiff_t>(count));
  }

  using saved_row = std::tuple<timestamp, std::uint64_t, const typename table::entry*>;
  std::vector<saved_row> in_order() const {
    std::vector<saved_row> all;
    for (const auto& one : shards_) {
      for (const auto& part : one.panes) {
        for (const auto& entry : part.keys.entries()) all.push_back({part.start, entry.second.first, &entry});
      }
    }
    std::ranges::sort(all);
    return all;
  }

  Pipe pipe_;
  [[no_unique_address]] Split split_;
  fixed_windows windows_;
  Fold fold_;
  duration pane_length_;
  event_clock clock_;
  event_exchange<K, V> exchange_;
  std::vector<shard> shards_;
  ordered_results<row, order> results_;
};

}  // namespace weir::stream
