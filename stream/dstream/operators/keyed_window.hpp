#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <utility>
#include <vector>

#include "stream/dstream/exchange.hpp"
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
        inverse_(std::move(inverse)) {}

  void run(const batch_info& now) override {
    take_batch(now);
    if (!has_rows(now)) return;
    const timestamp from = now.time - span_.length;  // batches up to here have left
    if constexpr (std::is_same_v<Inverse, no_inverse>) {
      reduce_anew(from);
    } else {
      slide_on(from);
    }
    while (!batches_.empty() && batches_.front().time <= from) drop_first();
    window_.tidy();
    give_rows();
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
      encode(out, static_cast<std::uint64_t>(window_.size()));
      for_each([&](const K& key, const windowed& sum) {
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
        const auto batches = restored<std::uint32_t>(in);
        window_.find_or_add(key, key_hash(key), [&] { return windowed{value, batches}; });
      }
    }
  }

  state_size state() const override {
    state_size size{.rows = window_.size(), .bytes = window_.bytes()};
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

  void slide_on(timestamp from) {
    for (auto& batch : batches_) {
      if (batch.entered || batch.time <= from) continue;
      enter(batch);
    }
    for (const auto& batch : batches_) {
      if (batch.entered && batch.time <= from) leave(batch);
    }
  }

  void enter(kept_batch& batch) {
    batch.entered = true;
    for (const auto& [key, value] : batch.sums) add(key, value);
  }

  void add(const K& key, const V& value) {
    const auto [place, added] = window_.find_or_add(key, key_hash(key), [&] { return windowed{value, 0}; });
    auto& sum = window_[place].second;
    if (!added) sum.value = sum.batches == 0 ? value : f_(std::as_const(sum.value), value);
    ++sum.batches;
  }

  void leave(const kept_batch& batch) {
    for (const auto& [key, value] : batch.sums) {
      const auto place = *window_.find(key, key_hash(key));
      auto& sum = window_[place].second;
      if (--sum.batches == 0) {
        window_.erase(place);
      } else {
        sum.value = inverse_(std::as_const(sum.value), value);
      }
    }
  }

  void reduce_anew(timestamp from) {
    for (std::size_t i = 0; i < window_.places(); ++i) window_[i].second.batches = 0;
    for (auto& batch : batches_) {
      if (batch.time > from) enter(batch);
    }
    for (std::size_t i = 0; i < window_.places(); ++i) {
      if (!window_.is_hole(i) && window_[i].second.batches == 0) window_.erase(i);
    }
  }

  template <class Take>
  void for_each(const Take& take) const {
    for (std::size_t i = 0; i < window_.places(); ++i) {
      if (!window_.is_hole(i)) take(window_[i].first, window_[i].second);
    }
  }

  void give_rows() {
    given_.clear();
    for_each([this](const K& key, const windowed& sum) { given_.emplace_back(key, sum.value); });
    this->rows_.clear();
    this->rows_.add_evenly(given_, this->room().parts);
  }

  node<std::pair<K, V>>* input_;
  window_span span_;
  F f_;
  [[no_unique_address]] Inverse inverse_;
  std::deque<kept_batch> batches_;
  std::vector<std::pair<K, V>> spare_;  // memory of a batch that has left
  keyed_table<K, windowed> window_;
  std::vector<std::pair<K, V>> given_;
};

}  // namespace weir::stream
