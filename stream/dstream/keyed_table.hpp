#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "stream/dstream/key.hpp"

namespace weir::stream {

/// A hash table whose entries stand one after another in the order in which they were added, so that what is read from
/// it is always in a stated order.
///
///     slots    [hash, place + 1] …    open addressing, linear probing, at most half full
///     entries  (key, value) …         erased ones are holes until `tidy`
///
/// Places are good until the next `tidy`, references until the next `find_or_add`. One thread.
template <class K, class V>
class keyed_table {
 public:
  using entry = std::pair<K, V>;
  struct found {
    std::size_t place = 0;
    bool added = false;
  };

  std::size_t size() const { return entries_.size() - holes_; }
  bool empty() const { return size() == 0; }
  entry& operator[](std::size_t place) { return entries_[place]; }
  const entry& operator[](std::size_t place) const { return entries_[place]; }

  /// `hash` is key_hash(key).
  template <class Key>
  std::optional<std::size_t> find(const Key& key, std::uint64_t hash) const {
    if (slots_.empty()) return std::nullopt;
    for (std::size_t at = short_hash(hash) & mask_;; at = (at + 1) & mask_) {
      const slot& here = slots_[at];
      if (here.place == 0) return std::nullopt;
      if (here.hash == short_hash(hash) && same_key(entries_[here.place - 1].first, key)) return here.place - 1;
    }
  }

  /// The key's place; one that is not there yet is added with the value that `make()` gives.
  template <class Key, class Make>
  found find_or_add(const Key& key, std::uint64_t hash, const Make& make) {
    if ((entries_.size() + 1) * 2 > slots_.size()) grow();
    std::size_t at = short_hash(hash) & mask_;
    for (; slots_[at].place != 0; at = (at + 1) & mask_) {
      const slot& here = slots_[at];
      if (here.hash == short_hash(hash) && same_key(entries_[here.place - 1].first, key))
        return {here.place - 1, false};
    }
    entries_.emplace_back(K(key), make());
    if (!gone_.empty()) gone_.push_back(false);
    slots_[at] = {.hash = short_hash(hash), .place = static_cast<std::uint32_t>(entries_.size())};
    return {entries_.size() - 1, true};
  }

  /// Leaves a hole; the places of others stay.
  void erase(std::size_t place) {
    assert(!is_hole(place));
    free_slot(slot_of(place));
    if (gone_.empty()) gone_.resize(entries_.size(), false);
    gone_[place] = true;
    ++holes_;
    if constexpr (std::is_default_constructible_v<entry>) entries_[place] = entry{};  // what it held is freed
  }

  bool is_hole(std::size_t place) const { return holes_ != 0 && gone_[place]; }
  /// Places go from 0 to here, holes included.
  std::size_t places() const { return entries_.size(); }

  /// Closes the holes when there are many: in all a constant cost an erasure.
  void tidy() {
    if (holes_ * 2 > entries_.size()) close_holes();
  }
  void close_holes() {
    if (holes_ == 0) return;
    std::size_t to = 0;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      if (gone_[i]) continue;
      if (to != i) entries_[to] = std::move(entries_[i]);
      ++to;
    }
    entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(to), entries_.end());
    gone_.clear();
    holes_ = 0;
    place_all();
  }

  /// All entries, where nothing has been erased since `close_holes` or `clear`.
  std::span<const entry> entries() const {
    assert(holes_ == 0);
    return entries_;
  }

  /// Empties it and keeps the memory; costs little when little was in it.
  void clear() {
    if (entries_.size() * 8 < slots_.size() && holes_ == 0) {
      for (std::size_t i = entries_.size(); i > 0; --i) slots_[slot_of(i - 1)].place = 0;
    } else {
      std::ranges::fill(slots_, slot{});
    }
    entries_.clear();
    gone_.clear();
    holes_ = 0;
  }

  std::size_t bytes() const {
    return slots_.capacity() * sizeof(slot) + entries_.capacity() * sizeof(entry) + gone_.capacity() / 8;
  }

 private:
  struct slot {
    std::uint32_t hash = 0;
    std::uint32_t place = 0;  // 0: free
  };

  static std::uint32_t short_hash(std::uint64_t hash) { return static_cast<std::uint32_t>(hash); }

  std::size_t slot_of(std::size_t place) const {
    std::size_t at = short_hash(key_hash(entries_[place].first)) & mask_;
    while (slots_[at].place != place + 1) at = (at + 1) & mask_;
    return at;
  }

  /// Frees a slot and moves up those behind it that may not be parted from their home by a free one.
  void free_slot(std::size_t freed) {
    for (std::size_t at = (freed + 1) & mask_; slots_[at].place != 0; at = (at + 1) & mask_) {
      const std::size_t home = slots_[at].hash & mask_;
      if (((at - home) & mask_) < ((at - freed) & mask_)) continue;
      slots_[freed] = slots_[at];
      freed = at;
    }
    slots_[freed].place = 0;
  }

  void grow() {
    slots_.assign(slots_.empty() ? 16 : slots_.size() * 2, slot{});
    mask_ = slots_.size() - 1;
    place_all();
  }

  void place_all() {
    std::ranges::fill(slots_, slot{});
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      if (is_hole(i)) continue;
      const std::uint32_t hash = short_hash(key_hash(entries_[i].first));
      std::size_t at = hash & mask_;
      while (slots_[at].place != 0) at = (at + 1) & mask_;
      slots_[at] = {.hash = hash, .place = static_cast<std::uint32_t>(i + 1)};
    }
  }

  std::vector<slot> slots_;
  std::size_t mask_ = 0;
  std::vector<entry> entries_;
  std::vector<bool> gone_;  // by place; empty: no holes
  std::size_t holes_ = 0;
};

}  // namespace weir::stream
