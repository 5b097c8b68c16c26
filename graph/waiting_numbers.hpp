#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "graph/concepts.hpp"
#include "graph/fetch_ahead.hpp"
#include "graph/memory/large_pages.hpp"

namespace weir::graph {

/// A number for each vertex, and who of them is to be looked at next: those first whose number is large for what it
/// costs to look at it. They wait in classes, each of twice the urgency |number| / cost of the one below. The most
/// urgent class is read as it stood when its turn came, so that who comes back to it waits for the others: in rounds.
/// What is less urgent than the lowest class does not wait. Who becomes more urgent is filed again, who becomes less so
/// is found out when its turn comes. Each takes constant time.
///
/// Number, cost and class of a vertex lie in 8 bytes: numbers are added to here and there, and each waits for memory.
///
///     double:  [ sign | exponent | the first 41 bits behind the point | 5 bits: cost | 6 bits: tells from ]
///
/// So a cost is the power of two that is not more, and a number is rounded each time it is written, by `rounding` of
/// its size at most. 8 bytes a vertex, and 4 for each time that one was filed and not read. Of one thread.
class waiting_numbers {
 public:
  static constexpr double rounding = 0x1p-42;

  double operator[](vertex_id v) const { return number(words_[place(v)]); }
  std::size_t size() const { return words_.size(); }
  void resize(std::size_t count) { words_.resize(count); }
  double sum_of_sizes() const {
    double sum = 0;
    for (const std::uint64_t word : words_) sum += std::abs(number(word));
    return sum;
  }

  /// From now on the lowest class begins at `least`, or not more than half of it; files all who are so urgent.
  void file_all(double least) {
    floor_ = exponent(least) - 1;
    classes_ = {};
    waiting_ = 0;
    in_turn_ = 0;
    lowest_read_ = top;
    for (std::size_t i = 0; i < words_.size(); ++i) {
      words_[i] = unfiled(words_[i]);
      file(vertex_id{static_cast<std::uint32_t>(i)});
    }
  }
  /// Sets what looking at a vertex costs, 1 at least, and its number. It does not wait then.
  void set(vertex_id v, double to, double cost) {
    const auto of = static_cast<std::uint64_t>(std::min(exponent(cost) - one, 31));
    words_[place(v)] = joined(to, of << 6 | of);
  }
  void set_cost(vertex_id v, double cost) {
    set(v, (*this)[v], cost);
    file(v);
  }
  void file(vertex_id v) { rise(v, words_[place(v)]); }

  /// Adds to a number, and files the vertex where that makes it more urgent. What its size was before, and is now.
  struct sizes {
    double before;
    double now;
  };
  sizes add(vertex_id v, double by) {
    const std::uint64_t word = words_[place(v)];
    const double before = number(word);
    const double now = before + by;
    const std::uint64_t after = joined(now, word & mark_bits);
    words_[place(v)] = after;
    if (exponent(now) - floor_ > static_cast<int>(word & 63)) [[unlikely]]
      rise(v, after);
    return {std::abs(before), std::abs(now)};
  }
  /// Gives a number away, and leaves 0.
  double take(vertex_id v) {
    std::uint64_t& word = words_[place(v)];
    const double taken = number(word);
    word = unfiled(word) & mark_bits;
    return taken;
  }

  /// Begins at the most urgent class again.
  void restart() { in_turn_ = 0; }
  /// The next vertex, which waits no longer; none if nobody waits.
  std::optional<vertex_id> next() {
    while (in_turn_ != 0 || begin_round()) {
      line& reading = classes_[static_cast<std::size_t>(in_turn_)];
      if (reading.first == round_end_) {
        in_turn_ = 0;
        continue;
      }
      const vertex_id v = reading.vertices[reading.first++];
      --waiting_;
      std::uint64_t& word = words_[place(v)];
      if (filed_in(word) != in_turn_) continue;
      word = unfiled(word);
      if (class_of(word) >= in_turn_) return v;
      file(v);
    }
    return std::nullopt;
  }
  /// Who will be read so many later, if this round goes on: to ask for memory ahead.
  std::optional<vertex_id> coming(std::size_t later) const {
    const line& reading = classes_[static_cast<std::size_t>(in_turn_)];
    if (in_turn_ == 0 || reading.first + later >= round_end_) return std::nullopt;
    return reading.vertices[reading.first + later];
  }
  void fetch(vertex_id v) const { fetch_ahead(words_.data() + place(v)); }

  /// Where the class begins that is read, or infinity.
  double urgency_in_turn() const {
    return in_turn_ == 0 ? std::numeric_limits<double>::infinity() : begin_of(in_turn_);
  }
  /// How many are filed, some of them more than once.
  std::size_t waiting() const { return waiting_; }
  /// Where the lowest class begins that was read since the last reset.
  double lowest_read() const { return begin_of(lowest_read_); }

 private:
  static constexpr int top = 31;
  static constexpr int one = 1023;  // the exponent of 1
  static constexpr std::uint64_t mark_bits = 2047;

  struct line {
    std::vector<vertex_id> vertices;
    std::size_t first = 0;  // of those that were not read
  };

  static std::size_t place(vertex_id v) { return static_cast<std::size_t>(v); }
  double begin_of(int of) const { return std::ldexp(1.0, floor_ + of - one); }
  // Of the power of two that is not more.
  static int exponent(double x) { return static_cast<int>(std::bit_cast<std::uint64_t>(x) << 1 >> 53); }
  static double number(std::uint64_t word) { return std::bit_cast<double>(word & ~mark_bits); }
  static std::uint64_t joined(double x, std::uint64_t mark) {
    return ((std::bit_cast<std::uint64_t>(x) + (mark_bits + 1) / 2) & ~mark_bits) | mark;
  }
  static int cost_of(std::uint64_t word) { return static_cast<int>(word >> 6 & 31); }
  static int filed_in(std::uint64_t word) { return static_cast<int>(word & 63) - cost_of(word); }
  static std::uint64_t unfiled(std::uint64_t word) { return (word & ~std::uint64_t{63}) | (word >> 6 & 31); }
  int class_of(std::uint64_t word) const { return std::min(exponent(number(word)) - floor_ - cost_of(word), top); }

  void rise(vertex_id v, std::uint64_t word) {
    const int of = class_of(word);
    if (of <= filed_in(word)) return;
    words_[place(v)] = (word & ~std::uint64_t{63}) | static_cast<std::uint64_t>(of + cost_of(word));
    classes_[static_cast<std::size_t>(of)].vertices.push_back(v);
    ++waiting_;
  }
  bool begin_round() {
    for (int of = top; of > 0; --of) {
      line& l = classes_[static_cast<std::size_t>(of)];
      if (l.first == l.vertices.size()) {
        l.vertices.clear();
        l.first = 0;
        continue;
      }
      in_turn_ = of;
      round_end_ = l.vertices.size();
      lowest_read_ = std::min(lowest_read_, of);
      return true;
    }
    return false;
  }

  paged_vector<std::uint64_t> words_;
  std::array<line, top + 1> classes_;  // nobody is in class 0
  int floor_ = 0;                      // the exponent below the lowest class
  int in_turn_ = 0;                    // the class that is being read
  std::size_t round_end_ = 0;
  int lowest_read_ = top;
  std::size_t waiting_ = 0;
};

}  // namespace weir::graph
