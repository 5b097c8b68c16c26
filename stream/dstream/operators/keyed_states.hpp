#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "stream/dstream/exchange.hpp"
#include "stream/dstream/node.hpp"
#include "stream/dstream/operators/key_alarms.hpp"
#include "stream/dstream/operators/state_cell.hpp"

namespace weir::stream {

/// The states of the keys of one shard, their timers and time-outs. Places are in the order in which the keys came to
/// have a state; a birth orders the keys of all shards. One thread.
template <class K, class S>
class state_shard {
 public:
  void limit_idleness(std::optional<duration> timeout) { timeout_ = timeout; }

  /// Calls f(key, cell) for a row; a key that then has a state, and had none, is born with it.
  template <class Key, class F>
  void on_row(const Key& key, std::uint64_t hash, std::uint64_t birth, const state_moment& moment, const F& f) {
    if (const auto place = keys_.find(key, hash)) return call(*place, moment, f, idle_end(*place, moment.now));
    const std::conditional_t<std::is_same_v<Key, K>, const K&, K> kept(key);
    state_cell<S> cell(nullptr, end_of_time, moment);
    f(kept, cell);
    if (!cell.exists()) return;
    const auto place = add(kept, hash, birth, std::move(*cell.fresh_));
    alarms_.set(place, {cell.wake_, timeout_ ? saturating_add(moment.now, *timeout_) : end_of_time});
  }

  /// Calls f(key, cell, birth, time) for the timers and time-outs up to `until`: by time, then by birth, and of a key
  /// the timer first.
  template <class F>
  void fire(timestamp until, bool is_last, const F& f) {
    state_moment moment{.is_last = is_last};
    while (const auto due = alarms_.next(until)) {
      auto alarm = alarms_.of(due->place);
      moment.is_timing_out = alarm.wake != due->at;
      moment.now = moment.reached = due->at;
      alarm = {.idle_end = moment.is_timing_out ? end_of_time : alarm.idle_end};
      alarms_.set(due->place, alarm);
      const auto birth = births_[due->place];
      const auto of_key = [&](const K& key, state_cell<S>& cell) { f(key, cell, birth, due->at); };
      call(due->place, moment, of_key, alarm.idle_end);
      if (moment.is_timing_out) erase(due->place);
    }
  }

  std::size_t add(const K& key, std::uint64_t hash, std::uint64_t birth, S state) {
    const auto [place, added] = keys_.find_or_add(key, hash, [&] { return std::move(state); });
    if (added) births_.push_back(birth);
    return place;
  }

  /// The keys that are there are idle from now on.
  void begin_idleness(timestamp now) {
    if (!timeout_) return;
    for_each_place(
        [&](std::size_t place) { alarms_.set(place, {alarms_.of(place).wake, saturating_add(now, *timeout_)}); });
  }

  const std::vector<std::uint64_t>& births() const { return births_; }
  void set_birth(std::size_t place, std::uint64_t birth) { births_[place] = birth; }
  const std::pair<K, S>& operator[](std::size_t place) const { return keys_[place]; }
  const key_alarms& alarms() const { return alarms_; }
  key_alarms& alarms() { return alarms_; }
  std::size_t size() const { return keys_.size(); }
  std::size_t bytes() const { return keys_.bytes() + alarms_.bytes() + births_.capacity() * sizeof(births_[0]); }

  template <class Take>
  void for_each_place(const Take& take) const {
    for (std::size_t place = 0; place < keys_.places(); ++place) {
      if (!keys_.is_hole(place)) take(place);
    }
  }

  /// Closes the holes that removed keys have left, when there are many.
  void tidy() {
    if ((keys_.places() - keys_.size()) * 2 <= keys_.places()) return;
    std::size_t to = 0;
    for_each_place([&](std::size_t place) {
      births_[to] = births_[place];
      alarms_.move(place, to++);
    });
    births_.resize(to);
    alarms_.moved(to);
    keys_.close_holes();
  }

  void clear() {
    keys_.clear();
    births_.clear();
    alarms_.clear();
  }

 private:
  template <class F>
  void call(std::size_t place, const state_moment& moment, const F& f, timestamp idle_end) {
    auto& [key, state] = keys_[place];
    const timestamp wake = alarms_.of(place).wake;
    state_cell<S> cell(&state, wake, moment);
    f(std::as_const(key), cell);
    if (cell.removed_) return erase(place);
    if (timeout_ || cell.wake_changed_) alarms_.set(place, {cell.wake_, idle_end});
  }

  timestamp idle_end(std::size_t place, timestamp now) const {
    if (!timeout_) return end_of_time;
    const timestamp end = saturating_add(now, *timeout_);
    const timestamp before = alarms_.of(place).idle_end;
    return before == end_of_time ? end : std::max(before, end);
  }

  void erase(std::size_t place) {
    keys_.erase(place);
    alarms_.set(place, {});
  }

  std::optional<duration> timeout_;
  keyed_table<K, S> keys_;
  std::vector<std::uint64_t> births_;  // by place
  key_alarms alarms_;
};

/// The states of all keys, in a shard for each thread.
template <class K, class S>
class keyed_states {
 public:
  keyed_states(std::size_t shards, std::optional<duration> timeout) : shards_(shards) {
    for (auto& shard : shards_) shard.limit_idleness(timeout);
  }

  std::size_t shards() const { return shards_.size(); }
  state_shard<K, S>& operator[](std::size_t shard) { return shards_[shard]; }

  /// The birth of a key that a row of this batch brings.
  std::uint64_t birth_of(std::uint64_t row) const { return next_birth_ + row; }

  void add(const K& key, S state, key_alarms::alarm alarm = {}) {
    const auto hash = key_hash(key);
    auto& shard = shards_[exchange<K, S>::shard_of(hash, shards_.size())];
    shard.alarms().set(shard.add(key, hash, next_birth_++, std::move(state)), alarm);
  }

  /// After a batch: births become numbers without gaps, and removed keys leave no holes.
  void settle() {
    std::vector<std::vector<std::uint64_t>> born(shards_.size());
    for (std::size_t at = 0; at < shards_.size(); ++at) {
      const auto& births = shards_[at].births();
      born[at].assign(std::ranges::lower_bound(births, next_birth_), births.end());
    }
    in_row_order(born, [&](std::size_t at, std::size_t i) {
      auto& shard = shards_[at];
      shard.set_birth(shard.births().size() - born[at].size() + i, next_birth_++);
    });
    for (auto& shard : shards_) shard.tidy();
  }

  /// take(key and state, its alarm), in the order of the keys' births.
  template <class Take>
  void for_each(const Take& take) const {
    std::vector<std::vector<std::uint64_t>> births(shards_.size());
    std::vector<std::vector<std::size_t>> places(shards_.size());
    for (std::size_t at = 0; at < shards_.size(); ++at) {
      shards_[at].for_each_place([&](std::size_t place) {
        births[at].push_back(shards_[at].births()[place]);
        places[at].push_back(place);
      });
    }
    in_row_order(births, [&](std::size_t at, std::size_t i) {
      take(shards_[at][places[at][i]], shards_[at].alarms().of(places[at][i]));
    });
  }

  void save(encoder& out) const {
    encode(out, static_cast<std::uint64_t>(size().rows));
    for_each([&](const std::pair<K, S>& entry, const key_alarms::alarm& alarm) {
      encode(out, entry);
      encode(out, alarm.wake);
      encode(out, alarm.idle_end);
    });
  }

  void load(decoder& in) {
    for (auto& shard : shards_) shard.clear();
    next_birth_ = 0;
    for (auto left = restored<std::uint64_t>(in); left > 0 && !in.failed(); --left) {
      auto key = restored<K>(in);
      auto state = restored<S>(in);
      const auto wake = restored<timestamp>(in);
      add(key, std::move(state), {wake, restored<timestamp>(in)});
    }
  }

  state_size size() const {
    state_size sum;
    for (const auto& shard : shards_) sum += {.rows = shard.size(), .bytes = shard.bytes()};
    return sum;
  }

 private:
  std::vector<state_shard<K, S>> shards_;
  std::uint64_t next_birth_ = 0;
};

}  // namespace weir::stream
