#pragma once

#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "stream/time.hpp"

namespace weir::cep {

/// The subjects of a pattern that hold an event, by the places of their states: who has been idle longest, and until
/// when each will hold anything if nothing else comes. Kept only where the subjects have a limit.
class subject_census {
 public:
  /// Subjects that hold nothing any more at `now`, go.
  void advance(stream::timestamp now) {
    while (!by_end_.empty() && by_end_.begin()->first < now) remove(by_end_.begin()->second);
  }

  /// An event of the subject has been taken; it holds some of its events until then.
  void touch(std::uint32_t place, stream::timestamp until) {
    remove(place);
    if (place >= known_.size()) known_.resize(place + std::size_t{1});
    known_[place] = {.until = until, .touched = ++touches_};
    by_end_.emplace(until, place);
    by_touch_.emplace(touches_, place);
  }
  void remove(std::uint32_t place) {
    if (!contains(place)) return;
    by_end_.erase({known_[place].until, place});
    by_touch_.erase({known_[place].touched, place});
    known_[place].touched = 0;
  }

  bool contains(std::uint32_t place) const { return place < known_.size() && known_[place].touched != 0; }
  std::size_t size() const { return by_touch_.size(); }
  std::uint32_t idle_longest() const { return by_touch_.begin()->second; }

 private:
  struct record {
    stream::timestamp until;
    std::uint64_t touched = 0;  // 0: not here
  };

  std::vector<record> known_;  // by place
  std::uint64_t touches_ = 0;
  std::set<std::pair<stream::timestamp, std::uint32_t>> by_end_;
  std::set<std::pair<std::uint64_t, std::uint32_t>> by_touch_;
};

}  // namespace weir::cep
