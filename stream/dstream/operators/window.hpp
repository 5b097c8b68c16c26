#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <utility>
#include <vector>

#include "stream/dstream/steps.hpp"

namespace weir::stream {

/// A stretch of batch time: how long, and how often a result is wanted. Both are multiples of the input's slide.
struct window_span {
  duration length{};
  duration slide{};
};

/// Whether an operator with this slide has rows for a batch: the first one after the start is at one interval.
inline bool is_due(const batch_info& now, duration slide, duration interval) {
  return (interval * static_cast<std::int64_t>(now.number + 1)) % slide == duration::zero();
}

/// The rows of the batches of the last stretch of time, batch by batch.
template <class Pipe, class T>
class window_node final : public node<T> {
 public:
  window_node(Pipe pipe, window_span span)
      : node<T>(pipe.from->room(), "window", {pipe.from}, span.slide), pipe_(std::move(pipe)), span_(span) {}

  void run(const batch_info& now) override {
    take_batch(now);
    while (batches_.front().time <= now.time - span_.length) {
      spare_ = std::move(batches_.front().rows);
      batches_.pop_front();
    }
    this->rows_.clear();
    for (const auto& batch : batches_) this->rows_.add_evenly(batch.rows, this->room().parts);
  }

  bool has_rows(const batch_info& now) const override { return is_due(now, span_.slide, this->room().interval); }

  bool can_save() const override { return storable<T>; }
  void save(encoder& out) const override {
    if constexpr (storable<T>) {
      encode(out, static_cast<std::uint64_t>(batches_.size()));
      for (const auto& batch : batches_) {
        encode(out, batch.time);
        encode(out, batch.rows);
      }
    }
  }
  void load(decoder& in) override {
    if constexpr (storable<T>) {
      batches_.clear();
      for (auto left = restored<std::uint64_t>(in); left > 0 && !in.failed(); --left) {
        const auto time = restored<timestamp>(in);
        batches_.push_back({time, restored<row_vector<T>>(in)});
      }
    }
  }

  state_size state() const override {
    state_size size;
    for (const auto& batch : batches_) size += {.rows = batch.rows.size(), .bytes = batch.rows.capacity() * sizeof(T)};
    return size;
  }

 private:
  struct kept_batch {
    timestamp time;
    row_vector<T> rows;
  };

  void take_batch(const batch_info& now) {
    batches_.push_back({now.time, std::move(spare_)});
    auto& rows = batches_.back().rows;
    rows.clear();
    for (std::size_t part = 0; part < pipe_.parts(); ++part) {
      pipe_.run_part(part, [&](auto&& row) { rows.push_back(static_cast<T>(std::forward<decltype(row)>(row))); });
    }
  }

  Pipe pipe_;
  window_span span_;
  std::deque<kept_batch> batches_;
  row_vector<T> spare_{};  // memory of a batch that has left
};

}  // namespace weir::stream
