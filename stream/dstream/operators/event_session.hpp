#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "stream/dstream/operators/event_due.hpp"
#include "stream/dstream/operators/event_exchange.hpp"
#include "stream/dstream/operators/event_fold.hpp"
#include "stream/dstream/operators/event_window.hpp"

namespace weir::stream {

/// Sessions: the rows of a key between which there is less than this.
struct session_windows {
  duration gap{};
};

/// The rows of each session summed. A session is from its first row to the gap behind its last one, that time not
/// included; a row less than the gap from two of them makes them one. It closes when the watermark has reached its end:
/// no row that is in time can then be in it. Sessions come in the order of their ends, then of their first rows.
template <class Pipe, class Split, class K, class V, class Fold>
class event_session_node final : public node<windowed<with_key<K, typename Fold::result>>> {
 public:
  using row = windowed<with_key<K, typename Fold::result>>;
  using sum = typename Fold::sum;

  event_session_node(Pipe pipe, Split split, std::string name, session_windows windows, Fold fold)
      : node<row>(pipe.from().room(), std::move(name), {&pipe.from()}, pipe.from().slide()),
        pipe_(std::move(pipe)),
        split_(std::move(split)),
        gap_(windows.gap),
        fold_(std::move(fold)),
        clock_(pipe_.lateness),
        shards_(event_exchange<K, V>::shards(this->room().workers)),
        results_(shards_.size()) {}

  void run(const batch_info& now) override {
    exchange_.run(pipe_, split_, this->room().workers, clock_,
                  [this](std::size_t at, const event_place& place, std::uint64_t hash, const auto& key, auto&& value) {
                    take(shards_[at], place, hash, key, std::forward<decltype(value)>(value));
                  });
    results_.clear();
    const timestamp reached = clock_.advance(pipe_, now);
    this->room().workers.run(shards_.size(), [&](std::size_t at) { close(at, reached); });
    this->rows_.clear();
    this->rows_.add_evenly(results_.in_order(), this->room().parts);
  }

  bool can_save() const override { return storable<K> && storable<sum>; }
  void save(encoder& out) const override {
    if constexpr (storable<K> && storable<sum>) {
      clock_.save(out);
      const auto all = in_order();
      encode(out, static_cast<std::uint64_t>(all.size()));
      for (const auto& [number, here] : all) {
        encode(out, number);
        encode(out, here.second->first);
        encode(out, here.second->last);
        encode(out, *here.first);
        encode(out, here.second->value);
      }
    }
  }
  void load(decoder& in) override {
    if constexpr (storable<K> && storable<sum>) {
      clock_.load(in);
      for (auto left = restored<std::uint64_t>(in); left > 0 && !in.failed(); --left) {
        const auto number = restored<std::uint64_t>(in);
        const auto first = restored<timestamp>(in);
        const auto last = restored<timestamp>(in);
        const auto key = restored<K>(in);
        const auto hash = key_hash(key);
        shard& of = shards_[exchange<K, V>::shard_of(hash, shards_.size())];
        const auto place = of.keys.find_or_add(key, hash, [] { return none; }).place;
        begin(of, place, find(of, place, first), {.first = first, .last = last, .number = number}, restored<sum>(in));
      }
    }
  }

  state_size state() const override {
    state_size size{.late_rows = clock_.late_rows};
    for (const auto& one : shards_) {
      size += {.rows = one.sessions.size(), .bytes = one.keys.bytes() + one.sessions.bytes() + one.due.bytes()};
    }
    return size;
  }
  std::optional<timestamp> watermark() const override { return clock_.shown(); }
  std::optional<timestamp> rows_watermark() const override { return clock_.rows_watermark(); }

 private:
  static constexpr std::uint32_t none = UINT32_MAX;

  struct extent {
    timestamp first;
    timestamp last;
    std::uint64_t number = 0;  // of the row that came first
  };
  /// In the pool until the queue brings it up, once, when its time has come.
  struct session : extent {
    std::size_t key;              // its place
    std::uint32_t before = none;  // the key's session before it in time
    bool merged = false;          // into the one behind it
    sum value;
  };
  struct closing {
    timestamp end;
    std::uint64_t number;
    std::uint32_t place;
    auto operator<=>(const closing&) const = default;
  };
  struct shard {
    keyed_table<K, std::uint32_t> keys{};  // the last session in time
    value_pool<session> sessions{};
    due_queue due{};
    std::vector<closing> closed{};  // in this batch
  };
  /// Where in a key's sessions a time belongs: behind `before`, before `after`.
  struct gap_place {
    std::uint32_t before = none;
    std::uint32_t after = none;
  };

  timestamp end_of(const extent& of) const { return saturating_add(of.last, gap_); }

  template <class Key, class Value>
  void take(shard& of, const event_place& place, std::uint64_t hash, const Key& key, Value&& value) {
    const std::size_t key_place = of.keys.find_or_add(key, hash, [] { return none; }).place;
    const gap_place in = find(of, key_place, place.at);
    if (in.before == none || end_of(of.sessions[in.before]) <= place.at) {
      begin(of, key_place, in, {place.at, place.at, place.number}, fold_.first(place.number, value));
      return;
    }
    session& joined = of.sessions[in.before];
    joined.last = std::max(joined.last, place.at);
    joined.first = std::min(joined.first, place.at);
    if (joined.before != none && end_of(of.sessions[joined.before]) > joined.first) join_before(of, joined);
    fold_.next(joined.value, place.number, std::forward<Value>(value));
  }

  gap_place find(shard& of, std::size_t key, timestamp at) const {
    gap_place in{.before = of.keys[key].second};
    while (in.before != none && of.sessions[in.before].first >= saturating_add(at, gap_)) {
      in.after = in.before;
      in.before = of.sessions[in.before].before;
    }
    return in;
  }

  void begin(shard& of, std::size_t key, gap_place in, extent where, sum value) {
    const std::uint32_t made = of.sessions.add({where, key, in.before, false, std::move(value)});
    (in.after == none ? of.keys[key].second : of.sessions[in.after].before) = made;
    of.due.add(end_of(where), made);
  }

  void join_before(shard& of, session& here) {
    session& earlier = of.sessions[here.before];
    fold_.merge(earlier.value, here.value);
    here.value = std::move(earlier.value);
    here.first = earlier.first;
    here.number = std::min(here.number, earlier.number);
    here.before = earlier.before;
    earlier.merged = true;
  }

  void close(std::size_t at, timestamp reached) {
    shard& of = shards_[at];
    of.closed.clear();
    while (!of.due.empty() && of.due.first_time() <= reached) {
      const std::uint32_t place = of.due.take().what;
      const session& here = of.sessions[place];
      if (here.merged) {
        of.sessions.free(place);
      } else if (const timestamp end = end_of(here); end > reached) {
        of.due.add(end, place);
      } else {
        of.closed.push_back({end, here.number, place});
      }
    }
    std::ranges::sort(of.closed);
    for (const auto& one : of.closed) give(at, one);
    for (const auto& one : of.closed) cut_off(of, of.sessions[one.place].key, reached);
    for (const auto& one : of.closed) of.sessions.free(one.place);
    tidy(of);
  }

  void give(std::size_t at, const closing& one) {
    shard& of = shards_[at];
    session& here = of.sessions[one.place];
    results_.add(at, {one.end, one.number},
                 {here.first, one.end, under_key(of.keys[here.key].first, fold_.finish(std::move(here.value)))});
  }

  /// Takes the sessions that have ended from their key: the last ones in its list.
  void cut_off(shard& of, std::size_t key, timestamp reached) {
    if (of.keys.is_hole(key)) return;
    std::uint32_t* link = &of.keys[key].second;
    while (*link != none && end_of(of.sessions[*link]) > reached) link = &of.sessions[*link].before;
    *link = none;
    if (of.keys[key].second == none) of.keys.erase(key);
  }

  void tidy(shard& of) {
    const std::size_t before = of.keys.places();
    of.keys.tidy();
    if (of.keys.places() == before) return;
    for (std::size_t key = 0; key < of.keys.places(); ++key) {
      for (auto at = of.keys[key].second; at != none; at = of.sessions[at].before) of.sessions[at].key = key;
    }
  }

  using saved_row = std::pair<std::uint64_t, std::pair<const K*, const session*>>;
  std::vector<saved_row> in_order() const {
    std::vector<saved_row> all;
    for (const auto& of : shards_) {
      for (std::size_t key = 0; key < of.keys.places(); ++key) {
        if (of.keys.is_hole(key)) continue;
        const auto& [name, last] = of.keys[key];
        for (auto at = last; at != none; at = of.sessions[at].before) {
          all.push_back({of.sessions[at].number, {&name, &of.sessions[at]}});
        }
      }
    }
    std::ranges::sort(all, {}, &saved_row::first);
    return all;
  }

  Pipe pipe_;
  [[no_unique_address]] Split split_;
  duration gap_;
  Fold fold_;
  event_clock clock_;
  event_exchange<K, V> exchange_;
  std::vector<shard> shards_;
  ordered_results<row, std::pair<timestamp, std::uint64_t>> results_;
};

}  // namespace weir::stream
