#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "stream/dstream/batch_workers.hpp"
#include "stream/dstream/key.hpp"
#include "stream/dstream/keyed_table.hpp"

namespace weir::stream {

/// Brings the pairs of a batch to the shards of their keys: a shard for each thread, which alone works on its keys, row
/// by row in the batch's order. So what a keyed operator computes never depends on the number of threads, not even in
/// the last bit of a floating-point sum.
///
/// With one thread nothing is copied: the rows are consumed where the fused steps make them.
template <class K, class V>
class exchange {
 public:
  /// consume(shard, row, hash, key, value): `row` numbers the batch's rows, with gaps.
  template <class Pipe, class Consume>
  void run(const Pipe& pipe, batch_workers& workers, const Consume& consume) {
    const std::size_t shards = workers.threads();
    if (shards == 1) {
      std::uint64_t row = 0;
      for (std::size_t part = 0; part < pipe.parts(); ++part) {
        pipe.run_part(part, [&](auto&& pair) {
          const auto& key = pair.first;
          consume(std::size_t{0}, row++, key_hash(key), key, std::forward<decltype(pair)>(pair).second);
        });
      }
      return;
    }
    scatter(pipe, workers);
    gather(pipe, workers, consume);
  }

  /// The first half of `run` with several threads: all rows are there before the first is consumed.
  template <class Pipe>
  void scatter(const Pipe& pipe, batch_workers& workers) {
    const std::size_t shards = workers.threads();
    if (cells_.size() < pipe.parts() * shards) cells_.resize(pipe.parts() * shards);
    workers.run(pipe.parts(), [&](std::size_t part) {
      const auto cells = std::span(cells_).subspan(part * shards, shards);
      for (auto& cell : cells) cell.clear();
      std::uint64_t row = first_row(part);
      pipe.run_part(part, [&](auto&& pair) {
        const std::uint64_t hash = key_hash(pair.first);
        cells[shard_of(hash, shards)].push_back(
            {row++, hash, static_cast<K>(pair.first), static_cast<V>(std::forward<decltype(pair)>(pair).second)});
      });
    });
  }

  /// The second half.
  template <class Pipe, class Consume>
  void gather(const Pipe& pipe, batch_workers& workers, const Consume& consume) {
    const std::size_t shards = workers.threads();
    workers.run(shards, [&](std::size_t shard) {
      for (std::size_t part = 0; part < pipe.parts(); ++part) {
        for (waiting& one : cells_[part * shards + shard])
          consume(shard, one.row, one.hash, one.key, std::move(one.value));
      }
    });
  }

  static std::size_t shard_of(std::uint64_t hash, std::size_t shards) { return (hash >> 32) * shards >> 32; }
  /// The number of a part's first row, with several threads; the part's others follow without gaps.
  static std::uint64_t first_row(std::size_t part) { return static_cast<std::uint64_t>(part) << 40; }

 private:
  struct waiting {
    std::uint64_t row;
    std::uint64_t hash;
    K key;
    V value;
  };

  std::vector<std::vector<waiting>> cells_;  // by part and shard
};

/// Calls take(shard, i) for the elements of all shards' lists in the order of their rows; each list is in that order.
template <class Row, class Take>
void in_row_order(const std::vector<std::vector<Row>>& rows, const Take& take) {
  if (rows.size() == 1) {
    for (std::size_t i = 0; i < rows[0].size(); ++i) take(std::size_t{0}, i);
    return;
  }
  std::vector<std::size_t> at(rows.size());
  for (;;) {
    std::size_t first = rows.size();
    for (std::size_t shard = 0; shard < rows.size(); ++shard) {
      if (at[shard] == rows[shard].size()) continue;
      if (first == rows.size() || rows[shard][at[shard]] < rows[first][at[first]]) first = shard;
    }
    if (first == rows.size()) return;
    take(first, at[first]++);
  }
}

}  // namespace weir::stream
