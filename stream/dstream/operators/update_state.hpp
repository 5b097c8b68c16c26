#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "stream/dstream/exchange.hpp"
#include "stream/dstream/operators/born_tables.hpp"
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
        keys_(this->room().workers.threads()),
        values_(keys_.shards()) {
    for (auto& [key, state] : initial) keys_.add(key, {.state = std::move(state)});
  }

  void run(const batch_info&) override {
    exchange_.run(pipe_, this->room().workers,
                  [this](std::size_t at, std::uint64_t row, std::uint64_t hash, const auto& key, auto&& value) {
                    auto& keys = keys_[at];
                    const auto place = keys.find_or_add(key, hash, keys_.birth_of(row), [] { return keyed{}; }).place;
                    ++keys[place].second.values;
                    values_[at].as_they_come.push_back({place, static_cast<V>(std::forward<decltype(value)>(value))});
                  });
    this->room().workers.run(keys_.shards(), [this](std::size_t at) { update(keys_[at], values_[at]); });
    keys_.settle();
    given_.clear();
    keys_.for_each([this](const K& key, const keyed& of) { given_.emplace_back(key, *of.state); });
    this->rows_.clear();
    this->rows_.add_evenly(given_, this->room().parts);
  }

  bool can_save() const override { return storable<K> && storable<S>; }
  void save(encoder& out) const override {
    if constexpr (storable<K> && storable<S>) {
      encode(out, keys_.size().rows);
      keys_.for_each([&](const K& key, const keyed& of) {
        encode(out, key);
        encode(out, *of.state);
      });
    }
  }
  void load(decoder& in) override {
    if constexpr (storable<K> && storable<S>) {
      keys_.clear();
      for (auto left = restored<std::uint64_t>(in); left > 0 && !in.failed(); --left) {
        const auto key = restored<K>(in);
        keys_.add(key, {.state = restored<S>(in)});
      }
    }
  }

  state_size state() const override { return keys_.size(); }

 private:
  struct keyed {
    std::optional<S> state{};
    std::uint32_t values = 0;  // in this batch
    std::size_t first = 0;     // of them in `by_key`
  };
  struct placed_value {
    std::size_t place;
    V value;
  };
  struct batch_values {
    std::vector<placed_value> as_they_come;
    row_vector<V> by_key;
  };
  using table = typename born_tables<K, keyed>::table;

  void update(table& keys, batch_values& values) {
    bring_together(keys, values);
    for (std::size_t place = 0; place < keys.places(); ++place) {
      if (keys.is_hole(place)) continue;
      keyed& here = keys[place].second;
      const auto of_key = std::span<const V>(values.by_key).subspan(here.first, here.values);
      here.state = f_(of_key, std::move(here.state));
      here.values = 0;
      if (!here.state) keys.erase(place);
    }
  }

  /// A counting sort: the values of each key side by side.
  static void bring_together(table& keys, batch_values& values) {
    std::size_t next = 0;
    for (std::size_t place = 0; place < keys.places(); ++place) {
      keys[place].second.first = next;
      next += keys[place].second.values;
    }
    std::vector<std::size_t> order(values.as_they_come.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[keys[values.as_they_come[i].place].second.first++] = i;
    values.by_key.clear();
    for (const auto i : order) values.by_key.push_back(std::move(values.as_they_come[i].value));
    for (std::size_t place = 0; place < keys.places(); ++place) keys[place].second.first -= keys[place].second.values;
    values.as_they_come.clear();
  }

  Pipe pipe_;
  F f_;
  exchange<K, V> exchange_;
  born_tables<K, keyed> keys_;
  std::vector<batch_values> values_;  // by shard
  std::vector<std::pair<K, S>> given_;
};

}  // namespace weir::stream
