#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "stream/dstream/exchange.hpp"
#include "stream/dstream/operators/born_tables.hpp"
#include "stream/dstream/operators/window.hpp"
#include "stream/dstream/steps.hpp"

namespace weir::stream {

/// Stands for an inverse that there is not.
struct no_inverse {};

/// The values of each key in the batches of a window, reduced. The input is already reduced by batch. With an inverse,
/// the sums of the batches that leave are taken out of the window's and those that enter are put in; without, the
/// window is reduced anew. A key is there as long as a batch of the window has it; keys come in the order in which they
/// came into the window to stay.
template <class K, class V, class F, class Inverse>
class keyed_window_node final : public node<std::pair<K, V>> {
 public:
  keyed_window_node(node<std::pair<K, V>>& by_batch, window_span span, F f, Inverse inverse)
      : node<std::pair<K, V>>(by_batch.room(), "reduce_by_key_and_window", {&by_batch}, span.slide),
        input_(&by_batch),
        span_(span),
        f_(std::move(f)),
        inverse_(std::move(inverse)),
        window_(this->room().workers.threads()) {}

  void run(const batch_info& now) override {
    take_batch(now);
    if (!has_rows(now)) return;
    const timestamp from = now.time - span_.length;  // batches up to here have left
    this->room().workers.run(window_.shards(), [&](std::size_t at) {
      if constexpr (std::is_same_v<Inverse, no_inverse>) {
        reduce_anew(at, from);
      } else {
        slide_on(at, from);
      }
    });
    window_.settle();
    for (auto& batch : batches_) batch.entered = true;
    while (!batches_.empty() && batches_.front().time <= from) drop_first();
    given_.clear();
    window_.for_each([this](const K& key, const windowed& sum) { given_.emplace_back(key, sum.value); });
    this->rows_.clear();
    this->rows_.add_evenly(given_, this->room().parts);
  }

  bool has_rows(const batch_info& now) const override { return is_due(now, span_.slide, this->room().interval); }

  bool can_save() const override { return storable<K> && storable<V>; }
  void save(encoder& out) const override {
    if constexpr (storable<K> && storable<V>) {
      encode(out, static_cast<std::uint64_t>(batches_.size()));
      for (const auto& batch : batches_) {
        encode(out, batch.time);
        encode(out, batch.entered);
        encode(out, batch.sums);
      }
      encode(out, window_.size().rows);
      window_.for_each([&](const K& key, const windowed& sum) {
        encode(out, key);
        encode(out, sum.value);
        encode(out, sum.batches);
      });
    }
  }
  void load(decoder& in) override {
    if constexpr (storable<K> && storable<V>) {
      batches_.clear();
      window_.clear();
      for (auto left = restored<std::uint64_t>(in); left > 0 && !in.failed(); --left) {
        const auto time = restored<timestamp>(in);
        const auto entered = restored<bool>(in);
        batches_.push_back({time, entered, restored<std::vector<std::pair<K, V>>>(in)});
      }
      for (auto left = restored<std::uint64_t>(in); left > 0 && !in.failed(); --left) {
        const auto key = restored<K>(in);
        const auto value = restored<V>(in);
        window_.add(key, {value, restored<std::uint32_t>(in)});
      }
    }
  }

  state_size state() const override {
    state_size size = window_.size();
    for (const auto& batch : batches_) size.bytes += batch.sums.capacity() * sizeof(std::pair<K, V>);
    return size;
  }

 private:
  struct windowed {
    V value;
    std::uint32_t batches = 0;  // of the window that have the key
  };
  struct kept_batch {
    timestamp time;
    bool entered = false;
    std::vector<std::pair<K, V>> sums;
  };

  void take_batch(const batch_info& now) {
    batches_.push_back({now.time, false, std::move(spare_)});
    auto& sums = batches_.back().sums;
    sums.clear();
    for (const auto part : input_->rows()) sums.insert(sums.end(), part.begin(), part.end());
  }

  void drop_first() {
    spare_ = std::move(batches_.front().sums);
    batches_.pop_front();
  }

  // A shard of the keys; the batches stay as they are.

  void slide_on(std::size_t at, timestamp from) {
    for (std::size_t i = 0; i < batches_.size(); ++i) {
      if (!batches_[i].entered && batches_[i].time > from) enter(at, i);
    }
    for (const auto& batch : batches_) {
      if (batch.entered && batch.time <= from) leave(at, batch);
    }
  }

  void reduce_anew(std::size_t at, timestamp from) {
    auto& window = window_[at];
    for (std::size_t place = 0; place < window.places(); ++place) window[place].second.batches = 0;
    for (std::size_t i = 0; i < batches_.size(); ++i) {
      if (batches_[i].time > from) enter(at, i);
    }
    for (std::size_t place = 0; place < window.places(); ++place) {
      if (!window.is_hole(place) && window[place].second.batches == 0) window.erase(place);
    }
  }

  void enter(std::size_t at, std::size_t batch) {
    auto& window = window_[at];
    for (std::size_t i = 0; i < batches_[batch].sums.size(); ++i) {
      const auto& [key, value] = batches_[batch].sums[i];
      const auto hash = key_hash(key);
      if (!is_of(at, hash)) continue;
      const auto birth = window_.birth_of((static_cast<std::uint64_t>(batch) << 40) + i);
      const auto [place, added] = window.find_or_add(key, hash, birth, [&] { return windowed{value, 0}; });
      auto& sum = window[place].second;
      if (!added) sum.value = sum.batches == 0 ? value : f_(std::as_const(sum.value), value);
      ++sum.batches;
    }
  }

  void leave(std::size_t at, const kept_batch& batch) {
    auto& window = window_[at];
    for (const auto& [key, value] : batch.sums) {
      const auto hash = key_hash(key);
      if (!is_of(at, hash)) continue;
      const auto place = *window.find(key, hash);
      auto& sum = window[place].second;
      if (--sum.batches == 0) {
        window.erase(place);
      } else {
        sum.value = inverse_(std::as_const(sum.value), value);
      }
    }
  }

  bool is_of(std::size_t shard, std::uint64_t hash) const {
    return window_.shards() == 1 || exchange<K, V>::shard_of(hash, window_.shards()) == shard;
  }

  node<std::pair<K, V>>* input_;
  window_span span_;
  F f_;
  [[no_unique_address]] Inverse inverse_;
  std::deque<kept_batch> batches_;
  std::vector<std::pair<K, V>> spare_;  // memory of a batch that has left
  born_tables<K, windowed> window_;
  std::vector<std::pair<K, V>> given_;
};

}  // namespace weir::stream
