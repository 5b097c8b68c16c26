#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "stream/dstream/exchange.hpp"
#include "stream/dstream/keyed_table.hpp"
#include "stream/dstream/node.hpp"

namespace weir::stream {

/// A value a key that stays from batch to batch, in a table for each thread. A key's birth, a number that follows the
/// order in which the keys came, joins the tables to one order, whatever their number.
template <class K, class V>
class born_tables {
 public:
  class table {
   public:
    /// `birth` orders the keys that come in one batch.
    template <class Key, class Make>
    auto find_or_add(const Key& key, std::uint64_t hash, std::uint64_t birth, const Make& make) {
      const auto found = keys_.find_or_add(key, hash, make);
      if (found.added) births_.push_back(birth);
      return found;
    }
    auto find(const K& key, std::uint64_t hash) const { return keys_.find(key, hash); }
    void erase(std::size_t place) { keys_.erase(place); }

    auto& operator[](std::size_t place) { return keys_[place]; }
    const auto& operator[](std::size_t place) const { return keys_[place]; }
    std::size_t places() const { return keys_.places(); }
    bool is_hole(std::size_t place) const { return keys_.is_hole(place); }

   private:
    friend class born_tables;

    void tidy() {
      if ((keys_.places() - keys_.size()) * 2 <= keys_.places()) return;
      std::size_t to = 0;
      for (std::size_t place = 0; place < keys_.places(); ++place) {
        if (!keys_.is_hole(place)) births_[to++] = births_[place];
      }
      births_.resize(to);
      keys_.close_holes();
    }

    keyed_table<K, V> keys_;
    std::vector<std::uint64_t> births_;  // by place, rising
  };

  explicit born_tables(std::size_t shards) : tables_(shards) {}

  std::size_t shards() const { return tables_.size(); }
  table& operator[](std::size_t shard) { return tables_[shard]; }

  /// The birth of a key that this row of the batch brings.
  std::uint64_t birth_of(std::uint64_t row) const { return next_birth_ + row; }

  /// Adds a key, behind all others.
  void add(const K& key, V value) {
    const auto hash = key_hash(key);
    auto& into = tables_[exchange<K, V>::shard_of(hash, tables_.size())];
    into.find_or_add(key, hash, next_birth_++, [&] { return std::move(value); });
  }

  /// After a batch: births become numbers without gaps, and erased keys leave few holes.
  void settle() {
    std::vector<std::vector<std::uint64_t>> born(tables_.size());
    for (std::size_t at = 0; at < tables_.size(); ++at) {
      const auto& births = tables_[at].births_;
      born[at].assign(std::ranges::lower_bound(births, next_birth_), births.end());
    }
    in_row_order(born, [&](std::size_t at, std::size_t i) {
      auto& births = tables_[at].births_;
      births[births.size() - born[at].size() + i] = next_birth_++;
    });
    for (auto& one : tables_) one.tidy();
  }

  /// take(key, value), in the order in which the keys came.
  template <class Take>
  void for_each(const Take& take) const {
    const auto take_of = [&](std::size_t at, std::size_t place) {
      const auto& [key, value] = tables_[at][place];
      take(key, value);
    };
    if (tables_.size() == 1) {
      for_each_place(tables_[0], [&](std::size_t place) { take_of(0, place); });
      return;
    }
    std::vector<std::vector<std::uint64_t>> births(tables_.size());
    std::vector<std::vector<std::size_t>> places(tables_.size());
    for (std::size_t at = 0; at < tables_.size(); ++at) {
      for_each_place(tables_[at], [&](std::size_t place) {
        births[at].push_back(tables_[at].births_[place]);
        places[at].push_back(place);
      });
    }
    in_row_order(births, [&](std::size_t at, std::size_t i) { take_of(at, places[at][i]); });
  }

  void clear() {
    for (auto& one : tables_) {
      one.keys_.clear();
      one.births_.clear();
    }
    next_birth_ = 0;
  }

  state_size size() const {
    state_size sum;
    for (const auto& one : tables_) {
      sum += {.rows = one.keys_.size(), .bytes = one.keys_.bytes() + one.births_.capacity() * sizeof(std::uint64_t)};
    }
    return sum;
  }

 private:
  template <class Take>
  static void for_each_place(const table& of, const Take& take) {
    for (std::size_t place = 0; place < of.places(); ++place) {
      if (!of.is_hole(place)) take(place);
    }
  }

  std::vector<table> tables_;
  std::uint64_t next_birth_ = 0;
};

}  // namespace weir::stream
