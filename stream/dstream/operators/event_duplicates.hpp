#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "stream/dstream/operators/event_exchange.hpp"

namespace weir::stream {

/// The first row of each key passes, and the others as long as the key is remembered: until the watermark before a row
/// is later than the time of the row that passed, and `within` behind it. Rows are judged one by one, not by the
/// watermark of their batch; that one only says which keys need not be kept any more.
template <class Pipe, class T, class K, class KeyOf>
class event_duplicates_node final : public node<timed<T>> {
 public:
  event_duplicates_node(Pipe pipe, KeyOf key_of, duration within)
      : node<timed<T>>(pipe.from().room(), "drop_duplicates", {&pipe.from()}, pipe.from().slide()),
        pipe_(std::move(pipe)),
        split_{std::move(key_of)},
        within_(within),
        clock_(pipe_.lateness),
        shards_(event_exchange<K, T>::shards(this->room().workers)),
        results_(shards_.size()) {}

  void run(const batch_info& now) override {
    results_.clear();
    exchange_.run(pipe_, split_, this->room().workers, clock_,
                  [this](std::size_t at, const event_place& place, std::uint64_t hash, const auto& key, auto&& value) {
                    if (!is_first(shards_[at].keys, place, hash, key)) return;
                    results_.add(at, place.number, {place.at, static_cast<T>(std::forward<decltype(value)>(value))});
                  });
    clock_.advance(pipe_, now);
    this->room().workers.run(shards_.size(), [&](std::size_t at) { forget(shards_[at]); });
    this->rows_.clear();
    this->rows_.add_evenly(results_.in_order(), this->room().parts);
  }

  bool can_save() const override { return storable<K>; }
  void save(encoder& out) const override {
    if constexpr (storable<K>) {
      clock_.save(out);
      const auto all = in_order();
      encode(out, static_cast<std::uint64_t>(all.size()));
      for (const auto& [number, entry] : all) {
        encode(out, number);
        encode(out, entry->second.at);
        encode(out, entry->first);
      }
    }
  }
  void load(decoder& in) override {
    if constexpr (storable<K>) {
      clock_.load(in);
      for (auto left = restored<std::uint64_t>(in); left > 0 && !in.failed(); --left) {
        const auto number = restored<std::uint64_t>(in);
        const auto at = restored<timestamp>(in);
        const auto key = restored<K>(in);
        const auto hash = key_hash(key);
        auto& keys = shards_[exchange<K, T>::shard_of(hash, shards_.size())].keys;
        keys.find_or_add(key, hash, [&] { return passed{at, number}; });
      }
    }
  }

  state_size state() const override {
    state_size size{.late_rows = clock_.late_rows};
    for (const auto& one : shards_) size += {.rows = one.keys.size(), .bytes = one.keys.bytes()};
    return size;
  }
  std::optional<timestamp> watermark() const override { return clock_.shown(); }
  std::optional<timestamp> rows_watermark() const override { return clock_.rows_watermark(); }

 private:
  struct passed {
    timestamp at{};
    std::uint64_t number = 0;
  };
  using table = keyed_table<K, passed>;
  struct shard {
    table keys{};           // in the order in which their rows passed
    std::size_t front = 0;  // before it are holes only
  };

  bool is_past(const passed& of, timestamp watermark) const { return saturating_add(of.at, within_) < watermark; }

  template <class Key>
  bool is_first(table& keys, const event_place& place, std::uint64_t hash, const Key& key) const {
    const auto remember = [&] { return passed{place.at, place.number}; };
    const auto [at, added] = keys.find_or_add(key, hash, remember);
    if (added) return true;
    if (!is_past(keys[at].second, place.watermark)) return false;
    keys.erase(at);
    keys.find_or_add(key, hash, remember);
    return true;
  }

  /// A key waits for those before it, so it may stay for the lateness longer.
  void forget(shard& of) {
    for (; of.front < of.keys.places(); ++of.front) {
      if (of.keys.is_hole(of.front)) continue;
      if (!is_past(of.keys[of.front].second, clock_.rows.watermark())) break;
      of.keys.erase(of.front);
    }
    const std::size_t before = of.keys.places();
    of.keys.tidy();
    if (of.keys.places() != before) of.front = 0;
  }

  using saved_row = std::pair<std::uint64_t, const typename table::entry*>;
  std::vector<saved_row> in_order() const {
    std::vector<saved_row> all;
    for (const auto& [keys, front] : shards_) {
      for (std::size_t i = front; i < keys.places(); ++i) {
        if (keys.is_hole(i) || is_past(keys[i].second, clock_.rows.watermark())) continue;
        all.push_back({keys[i].second.number, &keys[i]});
      }
    }
    std::ranges::sort(all, {}, &saved_row::first);
    return all;
  }

  Pipe pipe_;
  by_key_of<KeyOf> split_;
  duration within_;
  event_clock clock_;
  event_exchange<K, T> exchange_;
  std::vector<shard> shards_;
  ordered_results<timed<T>, std::uint64_t> results_;
};

}  // namespace weir::stream
