#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "stream/dstream/operators/event_clock.hpp"
#include "stream/dstream/operators/event_pipe.hpp"

namespace weir::stream {

/// The rows of one stream that wait for their time, in the order of time and then of arrival.
template <class T>
class rows_in_wait {
 public:
  void add(timestamp at, T value) {
    in_order_ = in_order_ && (rows_.empty() || rows_.back().at <= at);
    rows_.push_back({at, std::move(value)});
  }
  /// After rows were added, before one is looked at.
  void sort() {
    if (!in_order_) std::ranges::stable_sort(rows_, {}, &timed<T>::at);
    in_order_ = true;
  }

  bool is_due(timestamp reached) const { return next_ < rows_.size() && rows_[next_].at < reached; }
  timestamp first_time() const { return rows_[next_].at; }
  timed<T>&& take() { return std::move(rows_[next_++]); }
  void forget_taken() {
    rows_.erase(rows_.begin(), rows_.begin() + static_cast<std::ptrdiff_t>(next_));
    next_ = 0;
  }

  /// Where none has been taken since `forget_taken`.
  const std::vector<timed<T>>& rows() const { return rows_; }
  std::size_t bytes() const { return rows_.capacity() * sizeof(timed<T>); }

 private:
  std::vector<timed<T>> rows_;
  std::size_t next_ = 0;
  bool in_order_ = true;
};

/// The rows of streams in the order of time, then of the streams, then of arrival. A row comes when the watermarks of
/// all streams are behind its time: none that stands before it can then come. Late rows are dropped, and counted.
template <class T, class... Pipes>
class event_union_node final : public node<timed<T>> {
 public:
  explicit event_union_node(const Pipes&... pipes)
      : node<timed<T>>(room_of(pipes...), sizeof...(pipes) == 1 ? "in_order" : "union_with", {&pipes.from()...},
                       slide_of(pipes...)),
        inputs_(input<Pipes>{pipes, event_clock(pipes.lateness), {}}...) {}

  void run(const batch_info& now) override {
    reached_ = end_of_time;
    for_each_input([&](auto& from, auto& waiting) {
      receive(from, waiting);
      reached_ = std::min(reached_, from.clock.advance(from.pipe, now));
    });
    give();
    this->rows_.clear();
    this->rows_.add_evenly(given_, this->room().parts);
  }

  bool can_save() const override { return storable<T>; }
  void save(encoder& out) const override {
    if constexpr (storable<T>) {
      std::apply([&](const auto&... from) { (from.clock.save(out), ...); }, inputs_);
      for (const auto& one : waiting_) {
        encode(out, static_cast<std::uint64_t>(one.rows().size()));
        for (const auto& [at, value] : one.rows()) {
          encode(out, at);
          encode(out, value);
        }
      }
    }
  }
  void load(decoder& in) override {
    if constexpr (storable<T>) {
      std::apply([&](auto&... from) { (from.clock.load(in), ...); }, inputs_);
      for (auto& one : waiting_) {
        for (auto left = restored<std::uint64_t>(in); left > 0 && !in.failed(); --left) {
          const auto at = restored<timestamp>(in);
          one.add(at, restored<T>(in));
        }
      }
    }
  }

  state_size state() const override {
    state_size size;
    std::apply([&](const auto&... from) { ((size.late_rows += from.clock.late_rows), ...); }, inputs_);
    for (const auto& one : waiting_) size += {.rows = one.rows().size(), .bytes = one.bytes()};
    return size;
  }
  std::optional<timestamp> watermark() const override {
    if (reached_ == start_of_time) return std::nullopt;
    return reached_;
  }
  std::optional<timestamp> rows_watermark() const override {
    return std::apply([](const auto&... from) { return std::min({from.clock.rows_watermark()...}); }, inputs_);
  }

 private:
  /// What a part has, judged by itself and the batches before.
  struct part_rows {
    source_clock clock;
    std::vector<timed<T>> in_time{};
    std::uint64_t late_rows = 0;
  };
  template <class Pipe>
  struct input {
    Pipe pipe;
    event_clock clock;
    std::vector<part_rows> parts;
  };

  static node_room& room_of(const auto& pipe, const auto&...) { return pipe.from().room(); }
  static duration slide_of(const auto& pipe, const auto&...) { return pipe.from().slide(); }

  template <class F>
  void for_each_input(const F& f) {
    std::size_t i = 0;
    std::apply([&](auto&... from) { (f(from, waiting_[i++]), ...); }, inputs_);
  }

  void receive(auto& from, rows_in_wait<T>& waiting) {
    if (this->room().workers.threads() == 1) {
      receive_straight(from, waiting);
    } else {
      receive_side_by_side(from, waiting);
    }
    waiting.sort();
  }

  static void receive_straight(auto& from, rows_in_wait<T>& waiting) {
    for (std::size_t part = 0; part < from.pipe.parts(); ++part) {
      from.pipe.run_part(part, from.clock.rows, [&](timestamp at, timestamp watermark, auto&& value) {
        if (at < watermark) {
          ++from.clock.late_rows;
        } else {
          waiting.add(at, static_cast<T>(std::forward<decltype(value)>(value)));
        }
      });
    }
  }

  void receive_side_by_side(auto& from, rows_in_wait<T>& waiting) {
    const std::size_t parts = from.pipe.parts();
    while (from.parts.size() < parts) from.parts.push_back({from.clock.rows});
    this->room().workers.run(parts, [&](std::size_t part) { read(from, part); });
    for (std::size_t part = 0; part < parts; ++part) add_part(from.parts[part], from.clock, waiting);
  }

  static void read(auto& from, std::size_t part) {
    part_rows& here = from.parts[part];
    here.clock = from.clock.rows;
    here.in_time.clear();
    here.late_rows = 0;
    from.pipe.run_part(part, here.clock, [&](timestamp at, timestamp watermark, auto&& value) {
      if (at < watermark) {
        ++here.late_rows;
      } else {
        here.in_time.push_back({at, static_cast<T>(std::forward<decltype(value)>(value))});
      }
    });
  }

  /// `clock` has seen the parts before: what is late by those shows only now.
  static void add_part(part_rows& part, event_clock& clock, rows_in_wait<T>& waiting) {
    const timestamp watermark = clock.rows.watermark();
    clock.late_rows += part.late_rows;
    for (auto& [at, value] : part.in_time) {
      if (at < watermark) {
        ++clock.late_rows;
      } else {
        waiting.add(at, std::move(value));
      }
    }
    clock.rows.see(part.clock.greatest());
  }

  void give() {
    given_.clear();
    while (auto* first = first_due()) given_.push_back(first->take());
    for (auto& one : waiting_) one.forget_taken();
  }

  rows_in_wait<T>* first_due() {
    rows_in_wait<T>* first = nullptr;
    for (auto& one : waiting_) {
      if (one.is_due(first == nullptr ? reached_ : first->first_time())) first = &one;
    }
    return first;
  }

  std::tuple<input<Pipes>...> inputs_;
  std::array<rows_in_wait<T>, sizeof...(Pipes)> waiting_;  // by stream
  timestamp reached_ = start_of_time;
  std::vector<timed<T>> given_;
};

}  // namespace weir::stream
