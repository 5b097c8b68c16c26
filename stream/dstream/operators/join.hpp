#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "stream/dstream/exchange.hpp"
#include "stream/dstream/steps.hpp"

namespace weir::stream {

/// What of a batch's rows without a partner is kept.
enum class join_kind : std::uint8_t { inner, left_outer, right_outer, full_outer };

constexpr bool keeps_left(join_kind kind) { return kind == join_kind::left_outer || kind == join_kind::full_outer; }
constexpr bool keeps_right(join_kind kind) { return kind == join_kind::right_outer || kind == join_kind::full_outer; }

template <class V, class W, join_kind Kind>
using joined_value = std::pair<std::conditional_t<keeps_right(Kind), std::optional<V>, V>,
                               std::conditional_t<keeps_left(Kind), std::optional<W>, W>>;

/// The pairs of rows of two batches that have the same key. Rows come in the order of the left ones, and for each in
/// the order of the right ones; then the right ones without a partner, if they are kept.
///
/// The right rows are put into tables by key; the left ones look them up part by part, side by side.
template <class Left, class Right, class K, class V, class W, join_kind Kind>
class join_node final : public node<std::pair<K, joined_value<V, W, Kind>>> {
 public:
  using row = std::pair<K, joined_value<V, W, Kind>>;

  join_node(Left left, Right right)
      : node<row>(left.from->room(), "join", {left.from, right.from}, left.from->slide()),
        left_(std::move(left)),
        right_(std::move(right)),
        shards_(this->room().workers.threads()) {}

  void run(const batch_info&) override {
    take_right();
    owned_.resize(std::max(owned_.size(), left_.parts()));
    this->room().workers.run(left_.parts(), [this](std::size_t part) { look_up(part); });
    this->rows_.clear();
    for (std::size_t part = 0; part < left_.parts(); ++part) this->rows_.add(owned_[part]);
    if constexpr (keeps_right(Kind)) {
      give_lonely();
      this->rows_.add(lonely_);
    }
  }

 private:
  static constexpr std::uint32_t none = UINT32_MAX;

  /// Rows of one key are linked in their order.
  struct right_row {
    W value;
    std::uint64_t row;
    std::uint32_t next = none;
  };
  struct right_key {
    std::uint32_t first = none;
    std::uint32_t last = none;
    bool met = false;
  };
  struct shard {
    keyed_table<K, right_key> keys;
    std::vector<right_row> rows;
    std::vector<std::uint64_t> lonely;  // rows of keys that no left row has
    std::vector<std::pair<const K*, const W*>> lonely_rows;
  };

  void take_right() {
    for (auto& one : shards_) {
      one.keys.clear();
      one.rows.clear();
    }
    exchange_.run(right_, this->room().workers,
                  [this](std::size_t at, std::uint64_t number, std::uint64_t hash, const auto& key, auto&& value) {
                    auto& [keys, rows, lonely, lonely_rows] = shards_[at];
                    const auto place = static_cast<std::uint32_t>(rows.size());
                    rows.push_back({static_cast<W>(std::forward<decltype(value)>(value)), number, none});
                    right_key& of = keys[keys.find_or_add(key, hash, [] { return right_key{}; }).place].second;
                    (of.first == none ? of.first : rows[of.last].next) = place;
                    of.last = place;
                  });
  }

  void look_up(std::size_t part) {
    auto& out = owned_[part];
    out.clear();
    left_.run_part(part, [&](auto&& pair) {
      const std::uint64_t hash = key_hash(pair.first);
      shard& of = shards_[exchange<K, W>::shard_of(hash, shards_.size())];
      const auto place = of.keys.find(pair.first, hash);
      if (!place) {
        if constexpr (keeps_left(Kind)) out.push_back({K(pair.first), {V(pair.second), std::nullopt}});
        return;
      }
      right_key& found = of.keys[*place].second;
      if constexpr (keeps_right(Kind)) std::atomic_ref(found.met).store(true, std::memory_order_relaxed);
      for (auto at = found.first; at != none; at = of.rows[at].next) {
        out.push_back({K(pair.first), {V(pair.second), of.rows[at].value}});
      }
    });
  }

  void give_lonely() {
    std::vector<std::vector<std::uint64_t>> numbers(shards_.size());
    for (std::size_t i = 0; i < shards_.size(); ++i) {
      find_lonely(shards_[i]);
      numbers[i] = shards_[i].lonely;
    }
    lonely_.clear();
    in_row_order(numbers, [this](std::size_t at, std::size_t i) {
      const auto [key, value] = shards_[at].lonely_rows[i];
      lonely_.push_back({*key, {std::nullopt, *value}});
    });
  }

  void find_lonely(shard& of) {
    std::vector<std::pair<std::uint64_t, std::pair<const K*, const W*>>> found;
    for (const auto& [key, rows] : of.keys.entries()) {
      if (rows.met) continue;
      for (auto at = rows.first; at != none; at = of.rows[at].next)
        found.push_back({of.rows[at].row, {&key, &of.rows[at].value}});
    }
    std::ranges::sort(found, {}, [](const auto& one) { return one.first; });
    of.lonely.clear();
    of.lonely_rows.clear();
    for (const auto& [number, place] : found) {
      of.lonely.push_back(number);
      of.lonely_rows.push_back(place);
    }
  }

  Left left_;
  Right right_;
  exchange<K, W> exchange_;
  std::vector<shard> shards_;
  std::vector<std::vector<row>> owned_;  // by part
  std::vector<row> lonely_;
};

/// All values of each key in two batches: those of the left, those of the right. Keys come in the order of their first
/// appearance on the left, then those of the right alone.
template <class Left, class Right, class K, class V, class W>
class cogroup_node final : public node<std::pair<K, std::pair<std::vector<V>, std::vector<W>>>> {
 public:
  using groups = std::pair<std::vector<V>, std::vector<W>>;
  using row = std::pair<K, groups>;

  cogroup_node(Left left, Right right)
      : node<row>(left.from->room(), "cogroup", {left.from, right.from}, left.from->slide()),
        left_(std::move(left)),
        right_(std::move(right)),
        shards_(this->room().workers.threads()),
        first_rows_(shards_.size()) {}

  void run(const batch_info&) override {
    for (auto& one : shards_) one.clear();
    for (auto& rows : first_rows_) rows.clear();
    take(from_left_, left_, std::uint64_t{0}, [](groups& of) -> auto& { return of.first; });
    take(from_right_, right_, std::uint64_t{1} << 63, [](groups& of) -> auto& { return of.second; });
    given_.clear();
    in_row_order(first_rows_, [this](std::size_t at, std::size_t i) {
      auto& [key, values] = shards_[at][i];
      given_.emplace_back(std::as_const(key), std::move(values));  // the table is cleared by its keys
    });
    this->rows_.clear();
    this->rows_.add_evenly(given_, this->room().parts);
  }

 private:
  template <class From, class Pipe, class Side>
  void take(From& from, const Pipe& pipe, std::uint64_t behind, const Side& side) {
    from.run(pipe, this->room().workers,
             [&](std::size_t at, std::uint64_t number, std::uint64_t hash, const auto& key, auto&& value) {
               const auto [place, added] = shards_[at].find_or_add(key, hash, [] { return groups{}; });
               side(shards_[at][place].second).emplace_back(std::forward<decltype(value)>(value));
               if (added) first_rows_[at].push_back(behind + number);
             });
  }

  Left left_;
  Right right_;
  exchange<K, V> from_left_;
  exchange<K, W> from_right_;
  std::vector<keyed_table<K, groups>> shards_;
  std::vector<std::vector<std::uint64_t>> first_rows_;  // by shard: of its keys
  std::vector<row> given_;
};

}  // namespace weir::stream
