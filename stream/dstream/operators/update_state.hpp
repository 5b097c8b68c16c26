#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "stream/dstream/exchange.hpp"
#include "stream/dstream/steps.hpp"

namespace weir::stream {

/// A state a key, of which each batch makes the next: f(new values in order, state before or nothing) gives the state
/// after, or nothing to forget the key. Called for every key that has a state or values. All states come out, in the
/// order in which the keys came.
template <class Pipe, class K, class V, class S, class F>
class update_state_node final : public node<std::pair<K, S>> {
 public:
  update_state_node(Pipe pipe, F f, std::vector<std::pair<K, S>> initial)
      : node<std::pair<K, S>>(pipe.from->room(), "update_state_by_key", {pipe.from}, pipe.from->slide()),
        pipe_(std::move(pipe)),
        f_(std::move(f)),
        shards_(this->room().workers.threads()) {
    for (auto& [key, state] : initial) add(std::move(key), std::move(state), next_birth_++);
  }

  void run(const batch_info&) override {
    exchange_.run(pipe_, this->room().workers,
                  [this](std::size_t at, std::uint64_t row, std::uint64_t hash, const auto& key, auto&& value) {
                    shard& of = shards_[at];
                    const auto [place, added] = of.keys.find_or_add(key, hash, [] { return keyed{}; });
                    if (added) of.born.push_back(row), of.born_at.push_back(place);
                    ++of.keys[place].second.values;
                    of.values.push_back({place, static_cast<V>(std::forward<decltype(value)>(value))});
                  });
    number_the_born();
    this->room().workers.run(shards_.size(), [this](std::size_t at) { update(shards_[at]); });
    give_rows();
  }

  bool can_save() const override { return storable<K> && storable<S>; }
  void save(encoder& out) const override {
    if constexpr (storable<K> && storable<S>) {
      encode(out, next_birth_);
      encode(out, static_cast<std::uint64_t>(given_.size()));
      for (const auto& shard : shards_) {
        for (std::size_t i = 0; i < shard.keys.places(); ++i) {
          if (shard.keys.is_hole(i)) continue;
          const auto& [key, of] = shard.keys[i];
          encode(out, key);
          encode(out, of.birth);
          encode(out, *of.state);
        }
      }
    }
  }
  void load(decoder& in) override {
    if constexpr (storable<K> && storable<S>) {
      for (auto& shard : shards_) shard.keys.clear();
      next_birth_ = restored<std::uint64_t>(in);
      std::vector<std::pair<std::uint64_t, std::pair<K, S>>> found;
      for (auto left = restored<std::uint64_t>(in); left > 0 && !in.failed(); --left) {
        auto key = restored<K>(in);
        const auto birth = restored<std::uint64_t>(in);
        found.push_back({birth, {std::move(key), restored<S>(in)}});
      }
      std::ranges::sort(found, {}, [](const auto& one) { return one.first; });
      for (auto& [birth, one] : found) add(std::move(one.first), std::move(one.second), birth);
    }
  }

  state_size state() const override {
    state_size size;
    for (const auto& shard : shards_) size += {.rows = shard.keys.size(), .bytes = shard.keys.bytes()};
    return size;
  }

 private:
  struct keyed {
    std::uint64_t birth = 0;  // orders the keys of all shards
    std::optional<S> state{};
    std::uint32_t values = 0;  // in this batch
    std::size_t first = 0;     // of them in `in_order`
  };
  struct placed_value {
    std::size_t place;
    V value;
  };
  struct shard {
    keyed_table<K, keyed> keys;
    std::vector<placed_value> values;  // as they come
    row_vector<V> in_order;            // key by key
    std::vector<std::uint64_t> born;   // in this batch: the rows that brought the keys
    std::vector<std::size_t> born_at;  // and the keys' places
  };

  void add(K key, S state, std::uint64_t birth) {
    const auto hash = key_hash(key);
    auto& keys = shards_[exchange<K, V>::shard_of(hash, shards_.size())].keys;
    keys.find_or_add(key, hash, [&] { return keyed{.birth = birth, .state = std::move(state)}; });
  }

  void number_the_born() {
    std::vector<std::vector<std::uint64_t>> rows(shards_.size());
    for (std::size_t at = 0; at < shards_.size(); ++at) rows[at].swap(shards_[at].born);
    in_row_order(rows, [this](std::size_t at, std::size_t i) {
      shard& of = shards_[at];
      of.keys[of.born_at[i]].second.birth = next_birth_++;
    });
    for (auto& shard : shards_) shard.born_at.clear();
  }

  void update(shard& of) {
    bring_together(of);
    for (std::size_t place = 0; place < of.keys.places(); ++place) {
      if (of.keys.is_hole(place)) continue;
      keyed& here = of.keys[place].second;
      const auto values = std::span<const V>(of.in_order).subspan(here.first, here.values);
      here.state = f_(values, std::move(here.state));
      here.values = 0;
      if (!here.state) of.keys.erase(place);
    }
    of.keys.tidy();
  }

  /// A counting sort: the values of each key side by side.
  void bring_together(shard& of) {
    std::size_t next = 0;
    for (std::size_t place = 0; place < of.keys.places(); ++place) {
      of.keys[place].second.first = next;
      next += of.keys[place].second.values;
    }
    std::vector<std::size_t> order(of.values.size());
    for (std::size_t i = 0; i < of.values.size(); ++i) order[of.keys[of.values[i].place].second.first++] = i;
    of.in_order.clear();
    for (const auto i : order) of.in_order.push_back(std::move(of.values[i].value));
    for (std::size_t place = 0; place < of.keys.places(); ++place) {
      auto& here = of.keys[place].second;
      here.first -= here.values;
    }
    of.values.clear();
  }

  void give_rows() {
    std::vector<std::vector<std::uint64_t>> births(shards_.size());
    std::vector<std::vector<std::size_t>> places(shards_.size());
    for (std::size_t at = 0; at < shards_.size(); ++at) {
      const auto& keys = shards_[at].keys;
      for (std::size_t place = 0; place < keys.places(); ++place) {
        if (keys.is_hole(place)) continue;
        births[at].push_back(keys[place].second.birth);
        places[at].push_back(place);
      }
    }
    given_.clear();
    in_row_order(births, [&](std::size_t at, std::size_t i) {
      const auto& [key, of] = shards_[at].keys[places[at][i]];
      given_.emplace_back(key, *of.state);
    });
    this->rows_.clear();
    this->rows_.add_evenly(given_, this->room().parts);
  }

  Pipe pipe_;
  F f_;
  exchange<K, V> exchange_;
  std::vector<shard> shards_;
  std::uint64_t next_birth_ = 0;
  std::vector<std::pair<K, S>> given_;
};

}  // namespace weir::stream
