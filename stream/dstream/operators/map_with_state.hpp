#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <vector>

#include "stream/dstream/exchange.hpp"
#include "stream/dstream/operators/event_steps.hpp"
#include "stream/dstream/operators/keyed_states.hpp"
#include "stream/dstream/steps.hpp"

namespace weir::stream {

namespace state_detail {

/// A function of `map_with_state` may take the value as std::optional<V>, as in Spark, or as a const V*.
template <class F, class K, class V, class S>
inline constexpr bool takes_optional = std::is_invocable_v<const F&, const K&, std::optional<V>, state_cell<S>&>;
template <class F, class K, class V, class S>
using result = std::remove_cvref_t<typename std::conditional_t<
    takes_optional<F, K, V, S>, std::invoke_result<const F&, const K&, std::optional<V>, state_cell<S>&>,
    std::invoke_result<const F&, const K&, const V*, state_cell<S>&>>::type>;

template <class R>
struct row_of {
  using type = kept_t<R>;
  static constexpr bool may_miss = false;
};
template <class R>
struct row_of<std::optional<R>> {
  using type = kept_t<R>;
  static constexpr bool may_miss = true;
};

/// Where what a call gave stands among what a batch gives: a row's at the row, a timer's before the row that has let
/// time reach it.
struct order {
  std::uint64_t row = 0;
  timestamp at = end_of_time;        // the timer's; that of a row is behind all
  std::uint64_t birth = UINT64_MAX;  // of the timer's key
  friend auto operator<=>(const order&, const order&) = default;
};

inline constexpr std::uint64_t behind_all_rows = UINT64_MAX;

}  // namespace state_detail

/// Calls a function with each row and the state of its key: f(key, value, cell) gives a row, or nothing. Timers and
/// time-outs call it without a value, each at its place in the order of rows, which no cut into batches changes when
/// they go by event time.
///
/// Each thread has the keys of a shard. By event time each walks through all steps of the watermark, so that its timers
/// fire where they would in one thread; what the shards give is merged by its place.
template <class Pipe, class K, class V, class S, class F, class Time>
class map_with_state_node final : public node<typename state_detail::row_of<state_detail::result<F, K, V, S>>::type> {
  using result = state_detail::result<F, K, V, S>;
  using order = state_detail::order;
  static constexpr bool in_event_time = !std::is_same_v<Time, by_batch_time>;
  static constexpr bool in_stream_time = std::is_same_v<Time, by_stream_time>;
  using carried = std::conditional_t<in_event_time, timed_value<V>, V>;

 public:
  using row = typename state_detail::row_of<result>::type;

  map_with_state_node(Pipe pipe, F f, state_options<K, S> options, Time time)
      : node<row>(pipe.from->room(), "map_with_state", {pipe.from}, pipe.from->slide()),
        pipe_(std::move(pipe)),
        f_(std::move(f)),
        time_(std::move(time)),
        states_(this->room().workers.threads(), options.timeout),
        lanes_(states_.shards()) {
    if (options.timeout && *options.timeout <= duration::zero())
      throw std::invalid_argument("map_with_state: a time-out is more than zero");
    if constexpr (in_event_time) {
      if (lateness() < duration::zero()) throw std::invalid_argument("map_with_state: the lateness is less than zero");
      for (auto& one : lanes_) one.clock = source_clock(lateness());
    }
    for (auto& [key, state] : options.initial) states_.add(key, std::move(state));
  }

  const keyed_states<K, S>& states() const { return states_; }

  void run(const batch_info& now) override {
    for (auto& one : lanes_) {
      one.given.clear();
      one.orders.clear();
    }
    if constexpr (in_event_time) {
      take_by_event_time(now);
    } else {
      take_by_batch_time(now);
    }
    states_.settle();
    give_rows();
  }

  bool can_save() const override { return storable<K> && storable<S>; }
  void save(encoder& out) const override {
    if constexpr (storable<K> && storable<S>) {
      encode(out, begun_);
      // A stream that is in order tells the time again with its next row.
      encode(out, in_stream_time ? start_of_time : lanes_[0].clock.greatest());
      encode(out, late_rows());
      states_.save(out);
    }
  }
  void load(decoder& in) override {
    if constexpr (storable<K> && storable<S>) {
      begun_ = restored<bool>(in);
      const auto greatest = restored<timestamp>(in);
      for (auto& one : lanes_) {
        one.late_rows = 0;
        one.clock.see(greatest);
      }
      lanes_[0].late_rows = restored<std::uint64_t>(in);
      states_.load(in);
    }
  }

  state_size state() const override {
    state_size size = states_.size();
    size.late_rows = late_rows();
    return size;
  }
  std::optional<timestamp> watermark() const override {
    return in_event_time && begun_ ? std::optional(lanes_[0].clock.watermark()) : std::nullopt;
  }

 private:
  /// A shard's part of the work on a batch.
  struct lane {
    source_clock clock{std::nullopt};
    std::size_t step = 0;  // the next step of the watermark to be taken
    std::uint64_t late_rows = 0;
    row_vector<row> given;
    std::vector<order> orders;  // of the rows given, where there are several shards
  };

  // ---- By batch time

  void take_by_batch_time(const batch_info& now) {
    begin(now.time);
    const state_moment moment{.now = now.time, .reached = now.time};
    exchange_.run(pipe_, this->room().workers,
                  [&](std::size_t at, std::uint64_t number, std::uint64_t hash, const auto& key, auto&& value) {
                    take(at, number, hash, key, std::forward<decltype(value)>(value), moment);
                  });
    this->room().workers.run(lanes_.size(),
                             [&](std::size_t at) { fire(at, now.time, {.row = state_detail::behind_all_rows}); });
  }

  // ---- By event time

  duration lateness() const {
    if constexpr (in_stream_time)
      return {};
    else
      return time_.lateness;
  }

  auto with_times() const {
    if constexpr (in_stream_time)
      return unpacked_pipe{pipe_};
    else
      return stamped_pipe{pipe_, time_.time_of};
  }

  void take_by_event_time(const batch_info& now) {
    auto& workers = this->room().workers;
    const auto timed = with_times();
    for (auto& one : lanes_) one.step = 0;
    if (lanes_.size() == 1) {
      exchange_.run(timed, workers,
                    [this](std::size_t, std::uint64_t number, std::uint64_t hash, const auto& key, auto&& value) {
                      if (value.at > lanes_[0].clock.greatest()) move_time(0, {.row = number, .time = value.at});
                      take_timed(0, number, hash, key, std::forward<decltype(value)>(value));
                    });
    } else {
      steps_.reset(pipe_.parts());
      exchange_.scatter(noted_pipe{timed, steps_, exchange<K, carried>::first_row}, workers);
      steps_.merge(lanes_[0].clock.greatest());
      if (!steps_.all().empty()) begin(steps_.all().front().time);
      exchange_.gather(timed, workers,
                       [this](std::size_t at, std::uint64_t number, std::uint64_t hash, const auto& key, auto&& value) {
                         take_steps(at, number);
                         take_timed(at, number, hash, key, std::forward<decltype(value)>(value));
                       });
    }
    workers.run(lanes_.size(), [&](std::size_t at) {
      if (lanes_.size() > 1) take_steps(at, state_detail::behind_all_rows);
      if constexpr (in_stream_time) catch_up(at, pipe_.from->rows_watermark());
      if (now.last) fire(at, end_of_time, {.row = state_detail::behind_all_rows}, true);
    });
  }

  /// Time goes on where rows are filtered out too; those to come are not before it.
  void catch_up(std::size_t at, std::optional<timestamp> watermark) {
    auto& clock = lanes_[at].clock;
    if (!begun_ || !watermark || *watermark <= clock.watermark()) return;
    clock.see(*watermark);
    fire(at, *watermark, {.row = state_detail::behind_all_rows});
  }

  /// Brings a lane's time to where it is at a row.
  void take_steps(std::size_t at, std::uint64_t number) {
    auto& of = lanes_[at];
    for (; of.step < steps_.all().size() && steps_.all()[of.step].row <= number; ++of.step)
      move_time(at, steps_.all()[of.step]);
  }

  void move_time(std::size_t at, const event_step& to) {
    auto& clock = lanes_[at].clock;
    if (lanes_.size() == 1) begin(to.time);
    clock.see(to.time);
    fire(at, clock.watermark(), {.row = to.row});
  }

  template <class Key, class Timed>
  void take_timed(std::size_t at, std::uint64_t number, std::uint64_t hash, const Key& key, Timed&& timed) {
    auto& of = lanes_[at];
    if (of.clock.late_by(timed.at)) {
      ++of.late_rows;
      return;
    }
    const state_moment moment{.now = timed.at, .reached = of.clock.watermark()};
    take(at, number, hash, key, std::forward<Timed>(timed).taken(), moment);
  }

  // ---- Both

  /// Initial states are idle from the first moment on.
  void begin(timestamp now) {
    if (begun_) return;
    begun_ = true;
    for (std::size_t at = 0; at < states_.shards(); ++at) states_[at].begin_idleness(now);
  }

  template <class Key, class Value>
  void take(std::size_t at, std::uint64_t number, std::uint64_t hash, const Key& key, Value&& value,
            const state_moment& moment) {
    states_[at].on_row(key, hash, states_.birth_of(number), moment, [&](const K& kept, state_cell<S>& cell) {
      give(at, {.row = number}, called(kept, std::forward<Value>(value), cell));
    });
  }

  void fire(std::size_t at, timestamp until, order place, bool is_last = false) {
    states_[at].fire(until, is_last, [&](const K& key, state_cell<S>& cell, std::uint64_t birth, timestamp due) {
      place.at = due;
      place.birth = birth;
      if constexpr (state_detail::takes_optional<F, K, V, S>) {
        give(at, place, f_(key, std::optional<V>{}, cell));
      } else {
        give(at, place, f_(key, static_cast<const V*>(nullptr), cell));
      }
    });
  }

  template <class Value>
  result called(const K& key, Value&& value, state_cell<S>& cell) const {
    if constexpr (state_detail::takes_optional<F, K, V, S>) {
      return f_(key, std::optional<V>(std::in_place, std::forward<Value>(value)), cell);
    } else if constexpr (std::is_same_v<std::remove_cvref_t<Value>, V>) {
      return f_(key, std::addressof(std::as_const(value)), cell);
    } else {
      const V kept(std::forward<Value>(value));
      return f_(key, &kept, cell);
    }
  }

  void give(std::size_t at, const order& place, result&& made) {
    auto& of = lanes_[at];
    if constexpr (state_detail::row_of<result>::may_miss) {
      if (!made) return;
      of.given.emplace_back(*std::move(made));
    } else {
      of.given.emplace_back(std::move(made));
    }
    if (lanes_.size() > 1) of.orders.push_back(place);
  }

  void give_rows() {
    this->rows_.clear();
    if (lanes_.size() == 1) return this->rows_.add_evenly(lanes_[0].given, this->room().parts);
    std::vector<std::vector<order>> orders(lanes_.size());
    for (std::size_t at = 0; at < lanes_.size(); ++at) orders[at].swap(lanes_[at].orders);
    merged_.clear();
    in_row_order(orders, [this](std::size_t at, std::size_t i) { merged_.push_back(std::move(lanes_[at].given[i])); });
    this->rows_.add_evenly(merged_, this->room().parts);
  }

  std::uint64_t late_rows() const {
    std::uint64_t sum = 0;
    for (const auto& one : lanes_) sum += one.late_rows;
    return sum;
  }

  Pipe pipe_;
  F f_;
  Time time_;
  exchange<K, carried> exchange_;
  keyed_states<K, S> states_;
  std::vector<lane> lanes_;  // by shard
  event_steps steps_;
  bool begun_ = false;
  row_vector<row> merged_;
};

/// All states after each batch.
template <class K, class S>
class state_snapshots_node final : public node<std::pair<K, S>> {
 public:
  state_snapshots_node(node_base& owner, const keyed_states<K, S>& states)
      : node<std::pair<K, S>>(owner.room(), "state_snapshots", {&owner}, owner.slide()), states_(&states) {}

  void run(const batch_info&) override {
    given_.clear();
    states_->for_each([this](const std::pair<K, S>& entry, const auto&) { given_.push_back(entry); });
    this->rows_.clear();
    this->rows_.add_evenly(given_, this->room().parts);
  }

 private:
  const keyed_states<K, S>* states_;  // the owner's
  std::vector<std::pair<K, S>> given_;
};

template <class T, class Pipe>
class dstream;

/// What `map_with_state` gives: the stream of what its function gave, and the states themselves.
template <class R, class K, class S>
class stream_with_state : public dstream<R, pipeline<R, as_it_is>> {
  using stream = dstream<R, pipeline<R, as_it_is>>;

 public:
  stream_with_state(node<R>& made, const keyed_states<K, S>& states) : stream({&made, {}}), states_(&states) {}

  /// (key, state) of all keys after each batch, in the order in which the keys came to have a state.
  auto state_snapshots() const {
    return stream::template make<std::pair<K, S>, state_snapshots_node<K, S>>(*this->pipe().from, *states_);
  }

 private:
  const keyed_states<K, S>* states_;  // the node's
};

}  // namespace weir::stream
