#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

#include "cep/block_pool.hpp"

namespace weir::cep {

/// A unit of time, in which most times that an event stream brings are whole. Nothing is whole in the one that is none.
class time_unit {
 public:
  constexpr time_unit() = default;
  constexpr explicit time_unit(std::int64_t microseconds)
      : microseconds_(microseconds),
        twos_(static_cast<unsigned>(std::countr_zero(static_cast<std::uint64_t>(microseconds)))),
        inverse_(inverse_of(static_cast<std::uint64_t>(microseconds) >> twos_)),
        most_(std::numeric_limits<std::int64_t>::max() / (microseconds >> twos_)) {}

  /// The finest unit of which no time between two events that are at most `span` microseconds apart has 2^32: a
  /// microsecond, a millisecond or a second; for longer spans none.
  static constexpr time_unit for_span(std::int64_t span) {
    for (const std::int64_t unit : {std::int64_t{1}, std::int64_t{1000}, std::int64_t{1'000'000}}) {
      if (span / unit < std::numeric_limits<std::uint32_t>::max()) return time_unit(unit);
    }
    return {};
  }

  friend bool operator==(const time_unit&, const time_unit&) = default;

  constexpr std::int64_t microseconds() const { return microseconds_; }

  /// The low bits of how many units the time is, where it is a whole number of them: multiplying by the inverse of an
  /// odd number, modulo 2^64, divides what it divides, and makes anything else greater than any quotient (Granlund and
  /// Montgomery 1994, section 9).
  constexpr bool count(std::int64_t time, std::uint32_t& low_bits) const {
    const auto odd = static_cast<std::int64_t>(static_cast<std::uint64_t>(time >> twos_) * inverse_);
    low_bits = static_cast<std::uint32_t>(odd);
    const bool even = (time & ((std::int64_t{1} << twos_) - 1)) == 0;
    return even && -most_ <= odd && odd <= most_;
  }
  /// The low bits of how many whole units have passed at a time; not of the unit that is none.
  constexpr std::uint32_t count_passed(std::int64_t time) const {
    return static_cast<std::uint32_t>((time - remainder(time)) / microseconds_);
  }
  /// What passed since the last whole unit.
  constexpr std::int64_t remainder(std::int64_t time) const {
    const std::int64_t rest = time % microseconds_;
    return rest < 0 ? rest + microseconds_ : rest;
  }

 private:
  /// By Newton's method: each step doubles the bits that are right, of which an odd number is its own inverse in three.
  static constexpr std::uint64_t inverse_of(std::uint64_t odd) {
    std::uint64_t inverse = odd;
    for (int right = 3; right < 64; right *= 2) inverse *= 2 - odd * inverse;
    return inverse;
  }

  std::int64_t microseconds_ = 0;
  unsigned twos_ = 0;
  std::uint64_t inverse_ = 0;
  std::int64_t most_ = -1;
};

/// The head of a queue of a window's events, oldest first: their times, in microseconds, and a value each. All zero:
/// empty, without a block.
///
/// An event takes eight bytes, or sixteen once a time is no whole unit, or a value too great:
///
///     narrow   | time in units, its low 32 bits | value, 32 bits |
///     wide     | time, 64 bits                                   | value, 64 bits |
///
/// The events that it holds never span 2^32 units: what an event's window no longer reaches is popped before the event
/// is pushed. So the low bits tell how much later one is than another.
struct window_queue {
  using word = block_pool::word;

  block_pool::block block;
  std::uint32_t first;
  std::uint32_t size;
  std::uint16_t words_log2;  // of the block; 0: there is none
  std::uint16_t wide;        // 0 or 1

  /// Time and value of the i-th event.
  class narrow_cells {
   public:
    narrow_cells(const window_queue& of, const block_pool& pool, const time_unit& unit)
        : begin_(pool.at(of.block)), first_(of.first), mask_(of.capacity() - 1), unit_(unit.microseconds()) {}

    std::int64_t value(std::uint32_t i) const { return static_cast<std::int32_t>(at(i)); }
    /// How much later the event is than an earlier one.
    std::int64_t later(std::uint32_t i, std::uint32_t earlier) const { return unit_ * (count(i) - count(earlier)); }

   private:
    word at(std::uint32_t i) const { return begin_[(first_ + i) & mask_]; }
    std::uint32_t count(std::uint32_t i) const { return static_cast<std::uint32_t>(at(i) >> 32); }

    const word* begin_;
    std::uint32_t first_;
    std::uint32_t mask_;
    std::int64_t unit_;
  };
  class wide_cells {
   public:
    wide_cells(const window_queue& of, const block_pool& pool)
        : begin_(pool.at(of.block)), first_(of.first), mask_(of.capacity() - 1) {}

    std::int64_t value(std::uint32_t i) const { return static_cast<std::int64_t>(at(i)[1]); }
    std::int64_t later(std::uint32_t i, std::uint32_t earlier) const {
      return static_cast<std::int64_t>(*at(i) - *at(earlier));
    }

   private:
    const word* at(std::uint32_t i) const { return begin_ + std::size_t{2} * ((first_ + i) & mask_); }

    const word* begin_;
    std::uint32_t first_;
    std::uint32_t mask_;
  };

  /// Has `look` look at the cells; there must be some.
  template <class Look>
  decltype(auto) in_cells(const block_pool& pool, const time_unit& unit, const Look& look) const {
    return wide != 0 ? look(wide_cells(*this, pool)) : look(narrow_cells(*this, pool, unit));
  }
  std::int64_t value(const block_pool& pool, std::uint32_t i) const {
    const word* const entry = place(pool, i);
    return wide != 0 ? static_cast<std::int64_t>(entry[1]) : static_cast<std::int32_t>(*entry);
  }
  /// Where the i-th event stands, or would stand.
  const word* place(const block_pool& pool, std::uint32_t i) const {
    return pool.at(block) + (std::size_t{(first + i) & (capacity() - 1)} << wide);
  }

  void push_back(block_pool& pool, const time_unit& unit, std::int64_t time, std::int64_t value) {
    std::uint32_t count = 0;
    const bool fits = unit.count(time, count) && value == static_cast<std::int32_t>(value);
    if (size == 0) wide = 0;
    if (!fits && wide == 0) {
      widen(pool, unit, time);
    } else if (size == capacity()) {
      move(pool, words_log2 == 0 ? block_pool::smallest : words_log2 + 1U);
    }
    word* const entry = pool.at(block) + (std::size_t{(first + size) & (capacity() - 1)} << wide);
    ++size;
    if (wide != 0) {
      entry[0] = static_cast<word>(time);
      entry[1] = static_cast<word>(value);
    } else {
      *entry = word{count} << 32 | static_cast<std::uint32_t>(value);
    }
  }
  void pop_front(std::uint32_t n) {
    first = (first + n) & (capacity() - 1);
    size -= n;
  }
  /// An empty queue's memory goes back to the pool.
  void release(block_pool& pool) {
    if (words_log2 != 0) pool.give_back(block, words_log2);
    *this = {};
  }

 private:
  std::uint32_t capacity() const { return words_log2 == 0 ? 0 : (std::uint32_t{1} << words_log2) >> wide; }

  /// Into a block of twice the size.
  void move(block_pool& pool, unsigned to_words_log2) {
    const auto bigger = pool.take(to_words_log2);
    word* to = pool.at(bigger);
    for (std::uint32_t i = 0; i < size; ++i) {
      const word* const from = place(pool, i);
      for (unsigned w = 0; w <= wide; ++w) *to++ = from[w];
    }
    take_block(pool, bigger, to_words_log2);
  }
  /// With room for one more event, at `now`.
  void widen(block_pool& pool, const time_unit& unit, std::int64_t now) {
    if (size == 0 && words_log2 != 0) {
      wide = 1;
      return;
    }
    unsigned to_words_log2 = block_pool::smallest;
    while ((std::uint32_t{1} << to_words_log2) < 2 * (size + 1)) ++to_words_log2;
    const auto wider = pool.take(to_words_log2);
    word* to = pool.at(wider);
    for (std::uint32_t i = 0; i < size; ++i) {
      const word entry = *place(pool, i);
      const std::uint32_t before = unit.count_passed(now) - static_cast<std::uint32_t>(entry >> 32);
      *to++ = static_cast<word>(now - unit.remainder(now) - unit.microseconds() * before);
      *to++ = static_cast<word>(std::int64_t{static_cast<std::int32_t>(entry)});
    }
    take_block(pool, wider, to_words_log2);
    wide = 1;
  }
  void take_block(block_pool& pool, block_pool::block taken, unsigned taken_words_log2) {
    if (words_log2 != 0) pool.give_back(block, words_log2);
    block = taken;
    words_log2 = static_cast<std::uint16_t>(taken_words_log2);
    first = 0;
  }
};

}  // namespace weir::cep
