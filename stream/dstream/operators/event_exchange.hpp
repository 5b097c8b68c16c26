#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "stream/dstream/batch_workers.hpp"
#include "stream/dstream/exchange.hpp"
#include "stream/dstream/operators/event_clock.hpp"
#include "stream/dstream/operators/event_pipe.hpp"

namespace weir::stream {

/// Brings the rows of a batch that are in time to the shards of their keys, as `exchange` does; late ones are counted.
///
/// With several threads the parts of a batch are read side by side: each counts its rows and its times from where the
/// batch began. Then the parts' beginnings are known, and with them the rows' numbers and what is late.
template <class K, class V>
class event_exchange {
 public:
  /// All rows of one key have one shard.
  static std::size_t shards(const batch_workers& workers) { return std::same_as<K, no_key> ? 1 : workers.threads(); }

  /// consume(shard, place: event_place, hash, key, value).
  template <class Pipe, class Split, class Consume>
  void run(const Pipe& pipe, const Split& split, batch_workers& workers, event_clock& clock, const Consume& consume) {
    if (shards(workers) == 1) return straight(pipe, split, clock, consume);
    scatter(pipe, split, workers, clock);
    begin_parts(pipe.parts(), clock);
    std::vector<std::uint64_t> late(workers.threads());
    workers.run(workers.threads(), [&](std::size_t shard) { late[shard] = gather(pipe.parts(), shard, consume); });
    clock.late_rows = std::accumulate(late.begin(), late.end(), clock.late_rows);
  }

 private:
  struct waiting {
    event_place place;  // as the part knows it
    std::uint64_t hash;
    K key;
    V value;
  };
  struct part_reading {
    source_clock rows;
    std::uint64_t row_count = 0;
    std::uint64_t late_rows = 0;
    event_place begin{};                     // the first row's number, and the watermark before it
    std::vector<std::vector<waiting>> of{};  // by shard
  };

  template <class Pipe, class Split, class Consume>
  static void straight(const Pipe& pipe, const Split& split, event_clock& clock, const Consume& consume) {
    event_clock here = clock;  // a local one stays in registers
    for (std::size_t part = 0; part < pipe.parts(); ++part) {
      pipe.run_part(part, here.rows, [&](timestamp at, timestamp watermark, auto&& row) {
        const event_place place{at, here.row_count++, watermark};
        if (at < watermark) {
          ++here.late_rows;
          return;
        }
        const auto& key = split.key(row);
        consume(std::size_t{0}, place, key_hash(key), key, split.value(std::forward<decltype(row)>(row)));
      });
    }
    clock = here;
  }

  template <class Pipe, class Split>
  void scatter(const Pipe& pipe, const Split& split, batch_workers& workers, const event_clock& clock) {
    while (parts_.size() < pipe.parts()) parts_.push_back({.rows = clock.rows});
    workers.run(pipe.parts(), [&](std::size_t part) {
      read(pipe, split, part, {clock.rows, 0, 0, {}, std::move(parts_[part].of)}, workers.threads());
    });
  }

  template <class Pipe, class Split>
  void read(const Pipe& pipe, const Split& split, std::size_t part, part_reading here, std::size_t shards) {
    here.of.resize(shards);
    for (auto& rows : here.of) rows.clear();
    pipe.run_part(part, here.rows, [&](timestamp at, timestamp watermark, auto&& row) {
      const event_place place{at, here.row_count++, watermark};
      if (at < watermark) {
        ++here.late_rows;
        return;
      }
      const auto& key = split.key(row);
      const std::uint64_t hash = key_hash(key);
      here.of[exchange<K, V>::shard_of(hash, shards)].push_back(
          {place, hash, static_cast<K>(key), static_cast<V>(split.value(std::forward<decltype(row)>(row)))});
    });
    parts_[part] = std::move(here);
  }

  void begin_parts(std::size_t parts, event_clock& clock) {
    for (std::size_t part = 0; part < parts; ++part) {
      auto& reading = parts_[part];
      reading.begin = {.number = clock.row_count, .watermark = clock.rows.watermark()};
      clock.rows.see(reading.rows.greatest());
      clock.row_count += reading.row_count;
      clock.late_rows += reading.late_rows;
    }
  }

  /// How many turned out to be late.
  template <class Consume>
  std::uint64_t gather(std::size_t parts, std::size_t shard, const Consume& consume) {
    std::uint64_t late = 0;
    for (std::size_t part = 0; part < parts; ++part) {
      const event_place begin = parts_[part].begin;
      for (waiting& one : parts_[part].of[shard]) {
        const timestamp watermark = std::max(one.place.watermark, begin.watermark);
        if (one.place.at < watermark) {
          ++late;
          continue;
        }
        consume(shard, event_place{one.place.at, begin.number + one.place.number, watermark}, one.hash, one.key,
                std::move(one.value));
      }
    }
    return late;
  }

  std::vector<part_reading> parts_;
};

/// What the shards of an operator give for a batch, brought into one order. Each shard adds its rows in that order.
template <class Row, class Order>
class ordered_results {
 public:
  explicit ordered_results(std::size_t shards) : rows_(shards), orders_(shards) {}

  void clear() {
    for (auto& rows : rows_) rows.clear();
    for (auto& orders : orders_) orders.clear();
  }

  void add(std::size_t shard, const Order& order, Row row) {
    rows_[shard].push_back(std::move(row));
    if (rows_.size() > 1) orders_[shard].push_back(order);
  }

  std::span<const Row> in_order() {
    if (rows_.size() == 1) return rows_[0];
    merged_.clear();
    std::vector<std::size_t> at(rows_.size());
    for (;;) {
      std::size_t first = rows_.size();
      for (std::size_t shard = 0; shard < rows_.size(); ++shard) {
        if (at[shard] == rows_[shard].size()) continue;
        if (first == rows_.size() || orders_[shard][at[shard]] < orders_[first][at[first]]) first = shard;
      }
      if (first == rows_.size()) return merged_;
      merged_.push_back(std::move(rows_[first][at[first]++]));
    }
  }

 private:
  std::vector<std::vector<Row>> rows_;      // by shard
  std::vector<std::vector<Order>> orders_;  // by shard; of one shard none are kept
  std::vector<Row> merged_;
};

}  // namespace weir::stream
