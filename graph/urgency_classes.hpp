#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "graph/concepts.hpp"
#include "graph/vertex_states.hpp"

namespace weir::graph {

/// Vertices that wait, by how urgent they are: in classes, each of twice the urgency of the one below. The most urgent
/// class is read as it stood when its turn came, so that who comes back to it waits for the others: in rounds. What is
/// less urgent than the lowest class does not wait. Who becomes more urgent is filed again, who becomes less so is
/// found out when its turn comes. Each takes constant time. A byte a vertex, and 4 for each time it was filed and not
/// read. Of one thread.
class urgency_classes {
 public:
  /// Forgets all who wait. From now on the lowest class begins at `least`, or not more than half of it.
  void reset(double least) {
    floor_ = exponent(least) - 1;
    filed_.clear();
    classes_ = {};
    waiting_ = 0;
    in_turn_ = 0;
    lowest_read_ = top;
  }

  /// Files a vertex, unless it waits in this class or in a higher one.
  void file(vertex_id v, double urgency) {
    const int of = class_of(urgency);
    if (of <= 0 || of <= filed_[v]) return;
    filed_.at(v) = static_cast<std::uint8_t>(of);
    classes_[static_cast<std::size_t>(of)].vertices.push_back(v);
    ++waiting_;
  }

  /// Begins at the most urgent class again.
  void restart() { in_turn_ = 0; }

  /// From which urgency on a vertex would be filed in a higher class than where it waits.
  double rises_at(vertex_id v) const {
    const int of = filed_[v];
    return of == top ? std::numeric_limits<double>::infinity() : begin_of(of + 1);
  }

  /// The next vertex, which waits no longer; none if nobody waits. Who has become less urgent than its class,
  /// `!is_in_turn`, is to be filed again.
  std::optional<vertex_id> next() {
    while (in_turn_ != 0 || begin_round()) {
      line& reading = classes_[static_cast<std::size_t>(in_turn_)];
      if (reading.first == round_end_) {
        in_turn_ = 0;
        continue;
      }
      const vertex_id v = reading.vertices[reading.first++];
      --waiting_;
      if (filed_[v] != in_turn_) continue;
      filed_.at(v) = 0;
      return v;
    }
    return std::nullopt;
  }
  /// Who will be read so many later, if this round goes on: to ask for memory ahead.
  std::optional<vertex_id> coming(std::size_t later) const {
    const line& reading = classes_[static_cast<std::size_t>(in_turn_)];
    if (in_turn_ == 0 || reading.first + later >= round_end_) return std::nullopt;
    return reading.vertices[reading.first + later];
  }
  bool is_in_turn(double urgency) const { return class_of(urgency) >= in_turn_; }

  /// How many are filed, some of them more than once.
  std::size_t waiting() const { return waiting_; }
  /// Where the lowest class begins that was read since the last reset.
  double lowest_read() const { return begin_of(lowest_read_); }

 private:
  static constexpr int top = 63;

  struct line {
    std::vector<vertex_id> vertices;
    std::size_t first = 0;  // of those that were not read
  };

  // Of the power of two that is not more.
  static int exponent(double x) { return static_cast<int>(std::bit_cast<std::uint64_t>(x) >> 52); }
  double begin_of(int of) const { return std::bit_cast<double>(static_cast<std::uint64_t>(floor_ + of) << 52); }
  int class_of(double urgency) const { return std::min(exponent(urgency) - floor_, top); }

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

  std::array<line, top + 1> classes_;  // nobody is in class 0
  vertex_states<std::uint8_t> filed_;  // the class in which a vertex waits
  int floor_ = 0;                      // the exponent below the lowest class
  int in_turn_ = 0;                    // the class that is being read
  std::size_t round_end_ = 0;
  int lowest_read_ = top;
  std::size_t waiting_ = 0;
};

}  // namespace weir::graph
