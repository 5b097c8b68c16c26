#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "stream/dstream/operators/event_due.hpp"
#include "stream/dstream/operators/event_exchange.hpp"
#include "stream/dstream/operators/join.hpp"

namespace weir::stream {

/// How far apart the times of partners may be: left - before <= right <= left + after. One of them may be below zero,
/// if there is something between.
struct time_bounds {
  duration before{};
  duration after{};
};
inline constexpr time_bounds any_time_apart{.before = duration::max(), .after = duration::max()};

/// The pairs of rows of two streams that have the same key, and times within the bounds. A pair's time is the later of
/// its rows' times; a row without a partner, if it is kept, comes at its own time or when the last partner could have
/// come. What has a time comes when the watermarks of both streams are behind it, in the order of (time, number of the
/// left row, number of the right row), a row that is not there being behind all others.
///
/// Rows wait until both watermarks have passed them, and then meet in the order of their times: each looks at the other
/// stream's rows of its key that came before it, and is kept as long as one can come that looks at it. So a batch costs
/// its rows and its pairs, and only rows are kept, never pairs.
template <class Left, class Right, class K, class V, class W, join_kind Kind>
class event_join_node final : public node<timed<std::pair<K, joined_value<V, W, Kind>>>> {
 public:
  using joined = std::pair<K, joined_value<V, W, Kind>>;

  event_join_node(Left left, Right right, time_bounds bounds)
      : node<timed<joined>>(left.from().room(), "join_within", {&left.from(), &right.from()}, left.from().slide()),
        left_(std::move(left)),
        right_(std::move(right)),
        bounds_(bounds),
        left_clock_(left_.lateness),
        right_clock_(right_.lateness),
        shards_(this->room().workers.threads()),
        results_(shards_.size()) {}

  void run(const batch_info& now) override {
    receive<true>(from_left_, left_, left_clock_);
    receive<false>(from_right_, right_, right_clock_);
    left_clock_.advance(left_, now);
    right_clock_.advance(right_, now);
    results_.clear();
    this->room().workers.run(shards_.size(), [&](std::size_t at) { meet_until(at, reached()); });
    this->rows_.clear();
    this->rows_.add_evenly(results_.in_order(), this->room().parts);
  }

  bool can_save() const override { return storable<K> && storable<V> && storable<W>; }
  void save(encoder& out) const override {
    if constexpr (storable<K> && storable<V> && storable<W>) {
      left_clock_.save(out);
      right_clock_.save(out);
      save_side<true>(out);
      save_side<false>(out);
    }
  }
  void load(decoder& in) override {
    if constexpr (storable<K> && storable<V> && storable<W>) {
      left_clock_.load(in);
      right_clock_.load(in);
      load_side<true>(in);
      load_side<false>(in);
    }
  }

  state_size state() const override {
    state_size size{.late_rows = left_clock_.late_rows + right_clock_.late_rows};
    for (const auto& one : shards_) {
      size += {.rows = one.left.rows.size() + one.right.rows.size(),
               .bytes = one.keys.bytes() + one.left.bytes() + one.right.bytes()};
    }
    return size;
  }
  std::optional<timestamp> watermark() const override {
    if (reached() == start_of_time) return std::nullopt;
    return reached();
  }
  std::optional<timestamp> rows_watermark() const override {
    return std::min(left_clock_.rows_watermark(), right_clock_.rows_watermark());
  }

 private:
  static constexpr std::uint32_t none = UINT32_MAX;
  static constexpr std::uint64_t no_row = UINT64_MAX;

  template <class Value>
  struct one_row {
    timestamp at;
    std::uint64_t number;
    std::size_t key;  // its place
    Value value;
    bool met = false;           // a partner
    std::uint32_t next = none;  // of its key, in the order of time
  };
  /// Of one stream: rows that wait for the watermarks, and rows that have met those before them.
  template <class Value>
  struct side {
    value_pool<one_row<Value>> rows{};
    due_queue waiting{};
    std::deque<std::uint32_t> kept{};  // in the order of time

    /// take(row, whether it waits).
    static void for_each(auto& of, const auto& take) {
      for (const auto& one : of.waiting) take(of.rows[one.what], true);
      for (const auto place : of.kept) take(of.rows[place], false);
    }
    std::size_t bytes() const { return rows.bytes() + waiting.bytes() + kept.size() * sizeof(std::uint32_t); }
  };
  struct chain {
    std::uint32_t first = none;
    std::uint32_t last = none;
  };
  struct key_rows {
    chain left{};
    chain right{};
    std::uint32_t count = 0;  // waiting ones too
  };
  struct order {
    timestamp at;
    std::uint64_t left;
    std::uint64_t right;
    auto operator<=>(const order&) const = default;
  };
  struct shard {
    keyed_table<K, key_rows> keys{};
    side<V> left{};
    side<W> right{};
    std::vector<std::pair<order, joined>> given{};
  };

  template <bool IsLeft>
  static auto& side_of(auto& of) {
    if constexpr (IsLeft) {
      return of.left;
    } else {
      return of.right;
    }
  }
  template <bool IsLeft>
  static constexpr bool keeps_lonely = IsLeft ? keeps_left(Kind) : keeps_right(Kind);

  /// How long after a row a partner can come.
  template <bool IsLeft>
  duration patience() const {
    return IsLeft ? bounds_.after : bounds_.before;
  }
  timestamp reached() const { return std::min(left_clock_.watermark(), right_clock_.watermark()); }

  template <bool IsLeft>
  void receive(auto& from, const auto& pipe, event_clock& clock) {
    using kept_value = std::conditional_t<IsLeft, V, W>;
    from.run(pipe, by_first{}, this->room().workers, clock,
             [this](std::size_t at, const event_place& place, std::uint64_t hash, const auto& key, auto&& value) {
               const auto one = add<IsLeft>(shards_[at], place.at, place.number, hash, key,
                                            static_cast<kept_value>(std::forward<decltype(value)>(value)));
               side_of<IsLeft>(shards_[at]).waiting.add(place.at, one);
             });
  }

  template <bool IsLeft, class Value>
  std::uint32_t add(shard& of, timestamp at, std::uint64_t number, std::uint64_t hash, const auto& key, Value value) {
    const std::size_t place = of.keys.find_or_add(key, hash, [] { return key_rows{}; }).place;
    ++of.keys[place].second.count;
    return side_of<IsLeft>(of).rows.add({at, number, place, std::move(value)});
  }

  void meet_until(std::size_t at, timestamp reached) {
    shard& of = shards_[at];
    of.given.clear();
    const auto is_due = [reached](const auto& of_side) {
      return !of_side.waiting.empty() && of_side.waiting.first_time() < reached;
    };
    for (;;) {
      const bool left = is_due(of.left);
      const bool right = is_due(of.right);
      if (!left && !right) break;
      if (left && (!right || of.left.waiting.first_time() <= of.right.waiting.first_time())) {
        meet<true>(of);
      } else {
        meet<false>(of);
      }
    }
    forget_before(of, reached);
    tidy(of);
    if (!std::ranges::is_sorted(of.given, {}, &std::pair<order, joined>::first))
      std::ranges::sort(of.given, {}, &std::pair<order, joined>::first);
    for (auto& [place, one] : of.given) results_.add(at, place, {place.at, std::move(one)});
  }

  template <bool IsLeft>
  void meet(shard& of) {
    auto& here = side_of<IsLeft>(of);
    auto& other = side_of<!IsLeft>(of);
    const std::uint32_t place = here.waiting.take().what;
    auto& one = here.rows[place];
    forget_before(of, one.at);
    const timestamp last = saturating_add(one.at, patience<IsLeft>());
    for (auto at = side_of<!IsLeft>(of.keys[one.key].second).first; at != none; at = other.rows[at].next) {
      auto& partner = other.rows[at];
      if (partner.at > last) break;
      one.met = partner.met = true;
      if constexpr (IsLeft) {
        give_pair(of, one, partner);
      } else {
        give_pair(of, partner, one);
      }
    }
    keep<IsLeft>(of, place);
  }

  void give_pair(shard& of, const one_row<V>& left, const one_row<W>& right) const {
    of.given.push_back({{std::max(left.at, right.at), left.number, right.number},
                        {of.keys[left.key].first, {left.value, right.value}}});
  }

  template <bool IsLeft>
  void keep(shard& of, std::uint32_t place) {
    auto& here = side_of<IsLeft>(of);
    chain& to = side_of<IsLeft>(of.keys[here.rows[place].key].second);
    (to.first == none ? to.first : here.rows[to.last].next) = place;
    to.last = place;
    here.kept.push_back(place);
  }

  /// Rows for which nothing at `now` or later can be a partner.
  void forget_before(shard& of, timestamp now) const {
    forget_before<true>(of, now);
    forget_before<false>(of, now);
  }
  template <bool IsLeft>
  void forget_before(shard& of, timestamp now) const {
    auto& here = side_of<IsLeft>(of);
    while (!here.kept.empty()) {
      const std::uint32_t place = here.kept.front();
      auto& one = here.rows[place];
      const timestamp last = saturating_add(one.at, patience<IsLeft>());
      if (last >= now) return;
      key_rows& key = of.keys[one.key].second;
      side_of<IsLeft>(key).first = one.next;  // the rows of a key go in the order of time too
      if constexpr (keeps_lonely<IsLeft>) {
        if (!one.met) give_lonely<IsLeft>(of, one, std::max(one.at, last));
      }
      if (--key.count == 0) of.keys.erase(one.key);
      here.rows.free(place);
      here.kept.pop_front();
    }
  }

  template <bool IsLeft>
  void give_lonely(shard& of, auto& one, timestamp at) const {
    const K& key = of.keys[one.key].first;
    if constexpr (IsLeft) {
      of.given.push_back({{at, one.number, no_row}, {key, {std::move(one.value), std::nullopt}}});
    } else {
      of.given.push_back({{at, no_row, one.number}, {key, {std::nullopt, std::move(one.value)}}});
    }
  }

  /// As keyed_table::tidy, and tells the rows of their keys' new places.
  void tidy(shard& of) const {
    if (of.keys.size() * 2 >= of.keys.places()) return;
    std::vector<std::size_t> moved_to(of.keys.places());
    std::size_t next = 0;
    for (std::size_t i = 0; i < moved_to.size(); ++i) moved_to[i] = of.keys.is_hole(i) ? next : next++;
    of.keys.close_holes();
    side<V>::for_each(of.left, [&](auto& one, bool) { one.key = moved_to[one.key]; });
    side<W>::for_each(of.right, [&](auto& one, bool) { one.key = moved_to[one.key]; });
  }

  template <bool IsLeft>
  void save_side(encoder& out) const {
    using kept_value = std::conditional_t<IsLeft, V, W>;
    using kept_row = const one_row<kept_value>;
    std::vector<std::tuple<std::uint64_t, bool, kept_row*, const K*>> all;
    for (const auto& of : shards_) {
      side<kept_value>::for_each(side_of<IsLeft>(of), [&](kept_row& one, bool waits) {
        all.push_back({one.number, waits, &one, &of.keys[one.key].first});
      });
    }
    std::ranges::sort(all);
    encode(out, static_cast<std::uint64_t>(all.size()));
    for (const auto& [number, waits, one, key] : all) {
      encode(out, number);
      encode(out, waits);
      encode(out, one->met);
      encode(out, one->at);
      encode(out, *key);
      encode(out, one->value);
    }
  }

  template <bool IsLeft>
  void load_side(decoder& in) {
    std::vector<std::tuple<timestamp, std::uint64_t, shard*, std::uint32_t>> kept;
    for (auto left = restored<std::uint64_t>(in); left > 0 && !in.failed(); --left) {
      const auto number = restored<std::uint64_t>(in);
      const auto waits = restored<bool>(in);
      const auto met = restored<bool>(in);
      const auto at = restored<timestamp>(in);
      const auto key = restored<K>(in);
      const auto hash = key_hash(key);
      shard& of = shards_[exchange<K, V>::shard_of(hash, shards_.size())];
      const auto one = add<IsLeft>(of, at, number, hash, key, restored<std::conditional_t<IsLeft, V, W>>(in));
      auto& here = side_of<IsLeft>(of);
      here.rows[one].met = met;
      if (waits) {
        here.waiting.add(at, one);
      } else {
        kept.push_back({at, number, &of, one});
      }
    }
    std::ranges::sort(kept);
    for (const auto& [at, number, of, one] : kept) keep<IsLeft>(*of, one);
  }

  Left left_;
  Right right_;
  time_bounds bounds_;
  event_clock left_clock_;
  event_clock right_clock_;
  event_exchange<K, V> from_left_;
  event_exchange<K, W> from_right_;
  std::vector<shard> shards_;
  ordered_results<timed<joined>, order> results_;
};

}  // namespace weir::stream
