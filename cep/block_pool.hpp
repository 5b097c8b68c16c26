#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "stream/large_memory.hpp"

namespace weir::cep {

/// Memory for many small queues: blocks of 2^k words of 8 bytes, named by 32 bits, so that a queue's head is small.
/// Blocks given back are handed out again for their size, until `trim` finds that their segment is not needed. They
/// don't move. One thread.
class block_pool {
 public:
  using word = std::uint64_t;
  /// | segment, 12 bits | word in it, 20 bits |
  using block = std::uint32_t;

  static constexpr unsigned smallest = 3;  // the log2 of a block's words: a cache line

  block take(unsigned size_log2) {
    auto& unused = unused_[size_log2];
    if (unused == none) return fresh(size_log2);
    const block taken = unused;
    unused = static_cast<block>(*at(taken));
    unused_words_ -= std::size_t{1} << size_log2;
    unused_in_[taken >> offset_bits] -= std::size_t{1} << size_log2;
    most_in_use_ = std::max(most_in_use_, in_use());
    return taken;
  }
  void give_back(block b, unsigned size_log2) {
    *at(b) = unused_[size_log2];
    unused_[size_log2] = b;
    unused_words_ += std::size_t{1} << size_log2;
    unused_in_[b >> offset_bits] += std::size_t{1} << size_log2;
  }

  /// Where more than half of what was handed out has not been in use since the call before: gives back to the system
  /// the segments that have no block in use now.
  void trim() {
    const std::size_t needed = std::exchange(most_in_use_, in_use());
    if (needed >= handed_out_ / 2) return;
    const auto idle = idle_segments();
    if (std::ranges::find(idle, true) == idle.end()) return;
    for (block& list : unused_) drop_blocks(list, idle);
    for (std::size_t number = 0; number < idle.size(); ++number) {
      if (idle[number]) remove_segment(number);
    }
  }

  word* at(block b) { return begins_[b >> offset_bits] + (b & offset_mask); }
  const word* at(block b) const { return begins_[b >> offset_bits] + (b & offset_mask); }

  /// Of all segments, whether handed out or not.
  std::size_t bytes() const { return words_ * sizeof(word); }

 private:
  static constexpr unsigned offset_bits = 20;
  static constexpr block offset_mask = (block{1} << offset_bits) - 1;
  static constexpr block none = ~block{0};
  static constexpr std::size_t first_words = std::size_t{1}
                                             << 13;  // of the first segment; each next is four times as long

  static constexpr std::size_t segment_words_max = std::size_t{1} << offset_bits;
  /// A block lies in as few cache lines as it can.
  struct free_small {
    void operator()(word* p) const { ::operator delete[](p, alignment); }
    static constexpr std::align_val_t alignment{64};
  };
  struct segment {
    segment() = default;
    explicit segment(std::size_t size) : words(size) {
      if (words * sizeof(word) >= stream::large_memory::page_bytes) {
        large = stream::large_memory(words * sizeof(word));
        begin = reinterpret_cast<word*>(large.data());
      } else {
        small.reset(static_cast<word*>(::operator new[](words * sizeof(word), free_small::alignment)));
        begin = small.get();
      }
    }
    word* begin = nullptr;
    std::size_t words = 0;
    std::size_t handed_out = 0;  // of them, whether given back or not
    stream::large_memory large;
    std::unique_ptr<word[], free_small> small;
  };

  std::size_t in_use() const { return handed_out_ - unused_words_; }

  block fresh(unsigned size_log2) {
    const std::size_t words = std::size_t{1} << size_log2;
    if (words > offset_mask) {  // one of its own
      const block whole = add_segment(words);
      segments_[whole >> offset_bits].handed_out = words;
      handed_out_ += words;
      return whole;
    }
    if (open_ == none || used_ + words > open_words_) {
      open_words_ = std::max(open_words_ == 0 ? first_words : std::min(4 * open_words_, segment_words_max), words);
      open_ = add_segment(open_words_);
      used_ = 0;
    }
    const block taken = open_ + static_cast<block>(used_);
    used_ += words;
    handed_out_ += words;
    segments_[open_ >> offset_bits].handed_out = used_;
    most_in_use_ = std::max(most_in_use_, in_use());
    return taken;
  }
  block add_segment(std::size_t words) {
    if (vacant_.empty()) {
      vacant_.push_back(segments_.size());
      segments_.emplace_back();
      begins_.push_back(nullptr);
      unused_in_.push_back(0);
    }
    const std::size_t number = vacant_.back();
    segments_[number] = segment(words);
    vacant_.pop_back();
    begins_[number] = segments_[number].begin;
    words_ += words;
    return static_cast<block>(number << offset_bits);
  }

  void remove_segment(std::size_t number) {
    unused_words_ -= segments_[number].handed_out;
    handed_out_ -= segments_[number].handed_out;
    words_ -= segments_[number].words;
    if (open_ != none && open_ >> offset_bits == number) open_ = none;
    if (words_ == 0) open_words_ = 0;
    segments_[number] = {};
    begins_[number] = nullptr;
    unused_in_[number] = 0;
    vacant_.push_back(number);
  }

  /// Those all of whose blocks have been given back.
  std::vector<bool> idle_segments() const {
    std::vector<bool> idle(segments_.size());
    for (std::size_t i = 0; i < idle.size(); ++i) {
      idle[i] = unused_in_[i] != 0 && unused_in_[i] == segments_[i].handed_out;
    }
    return idle;
  }

  /// Leaves out of a list of unused blocks those that are in certain segments.
  void drop_blocks(block& list, const std::vector<bool>& of) {
    block kept = none;
    for (block b = list; b != none;) {
      const auto next = static_cast<block>(*at(b));
      if (!of[b >> offset_bits]) {
        *at(b) = kept;
        kept = b;
      }
      b = next;
    }
    list = kept;
  }

  std::vector<word*> begins_;  // of the segments
  std::vector<segment> segments_;
  std::vector<std::size_t> unused_in_;  // of each segment, words of blocks that were given back
  std::vector<std::size_t> vacant_;     // numbers of segments that there are no more
  std::array<block, 40> unused_ = [] {
    std::array<block, 40> lists{};
    lists.fill(none);
    return lists;
  }();
  block open_ = none;
  std::size_t open_words_ = 0;
  std::size_t used_ = 0;
  std::size_t words_ = 0;
  std::size_t handed_out_ = 0;    // words that were, whether given back or not
  std::size_t unused_words_ = 0;  // of blocks that were given back
  std::size_t most_in_use_ = 0;   // since the last trim
};

/// The head of a queue whose elements, `Width` words each, are in a block of a pool. All zero: empty, without a block.
template <unsigned Width>
struct packed_queue {
  static_assert(std::has_single_bit(Width));
  using word = block_pool::word;

  block_pool::block block;
  std::uint32_t first;
  std::uint32_t size;
  std::uint32_t capacity;  // elements, a power of two

  word* operator()(block_pool& pool, std::size_t i) { return pool.at(block) + ((first + i) & (capacity - 1)) * Width; }
  const word* operator()(const block_pool& pool, std::size_t i) const {
    return pool.at(block) + ((first + i) & (capacity - 1)) * Width;
  }

  /// The place of a new last element, to be filled.
  word* push_back(block_pool& pool) {
    if (size == capacity) grow(pool);
    return (*this)(pool, size++);
  }
  void pop_front(std::uint32_t n = 1) {
    first = (first + n) & (capacity - 1);
    size -= n;
  }
  void clear() { size = 0; }
  /// An empty queue's memory goes back to the pool.
  void release(block_pool& pool) {
    if (capacity != 0) pool.give_back(block, size_log2(capacity));
    *this = {};
  }

 private:
  static unsigned size_log2(std::uint32_t elements) {
    return static_cast<unsigned>(std::countr_zero(elements) + std::countr_zero(Width));
  }
  void grow(block_pool& pool) {
    constexpr std::uint32_t least = (1U << block_pool::smallest) / Width > 0 ? (1U << block_pool::smallest) / Width : 1;
    const std::uint32_t wider = capacity == 0 ? least : capacity * 2;
    const auto bigger = pool.take(size_log2(wider));
    word* const to = pool.at(bigger);
    for (std::uint32_t i = 0; i < size; ++i) {
      const word* const from = (*this)(pool, i);
      for (unsigned w = 0; w < Width; ++w) to[i * Width + w] = from[w];
    }
    if (capacity != 0) pool.give_back(block, size_log2(capacity));
    block = bigger;
    capacity = wider;
    first = 0;
  }
};

}  // namespace weir::cep
