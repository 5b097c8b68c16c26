#pragma once

#include <cstddef>
#include <cstdint>

#include "graph/concepts.hpp"
#include "graph/delta.hpp"
#include "graph/store.hpp"

namespace weir::graph {

/// A state of the edges that are at most so old, which may be less than the store keeps them. Follows a store without
/// retractions.
template <class State>
class trailing {
 public:
  /// Begins with what the store has now.
  trailing(std::int64_t length_us, const store& g, time_us now)
      : length_us_(length_us), first_(g.first_since(oldest(now))) {
    state_.recompute(window(g));
  }

  std::int64_t length_us() const { return length_us_; }
  const State& state() const { return state_; }

  /// Lets go of what is too old at `now`; the store has it still.
  void expire(const store& g, time_us now) {
    left_.too_old.clear();
    for (; first_ < g.next_edge() && g.at(first_) < oldest(now); first_ = plus(first_, 1)) {
      left_.too_old.push_back(g.edge_of(first_));
    }
    if (!left_.empty()) state_.apply(window(g), left_);
  }
  /// Takes what has come to the store.
  void insert(const store& g, const delta& came) { state_.apply(window(g), came); }

 private:
  /// The part of the store that the state is about; its size is known, since nothing is retracted.
  class part : public as_of_view {
   public:
    part(const as_of_view& of, std::size_t size) : as_of_view(of), size_(size) {}
    std::size_t edge_count() const { return size_; }

   private:
    std::size_t size_;
  };
  static_assert(directed_graph<part>);

  part window(const store& g) const {
    const auto size = static_cast<std::uint64_t>(g.next_edge()) - static_cast<std::uint64_t>(first_);
    return {g.between(first_, g.next_edge()), static_cast<std::size_t>(size)};
  }
  static edge_id plus(edge_id e, std::uint64_t n) { return edge_id{static_cast<std::uint64_t>(e) + n}; }
  time_us oldest(time_us now) const {
    std::int64_t at = 0;
    return __builtin_sub_overflow(static_cast<std::int64_t>(now), length_us_, &at) ? time_us{INT64_MIN} : time_us{at};
  }

  std::int64_t length_us_;
  edge_id first_;
  State state_;
  delta left_;
};

}  // namespace weir::graph
