#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <tuple>
#include <vector>

#include "stream/time.hpp"

namespace weir::stream {

/// When the keys of a shard are to be called: by place, a timer and a time-out each; `end_of_time` means never.
///
/// A queue has each key once, at its earliest time or before: a time that moves on, as a time-out does with every row,
/// costs nothing until the old one has come. One that moves back is queued anew, and the old entry is passed over; when
/// most entries are such, the queue is made again. One thread.
class key_alarms {
 public:
  struct alarm {
    timestamp wake = end_of_time;
    timestamp idle_end = end_of_time;
    timestamp first() const { return std::min(wake, idle_end); }
  };
  struct due {
    timestamp at{};
    std::size_t place = 0;
  };

  alarm of(std::size_t place) const { return place < alarms_.size() ? alarms_[place].set : alarm{}; }

  void set(std::size_t place, alarm to) {
    if (place >= alarms_.size()) {
      if (to.first() == end_of_time) return;
      alarms_.resize(place + 1);
    }
    alarms_[place].set = to;
    enqueue(place);
  }

  /// The next alarm at or before `until`, by time, then by place; it is to be changed before the next one is asked for.
  std::optional<due> next(timestamp until) {
    while (!queue_.empty() && queue_.front().at <= until) {
      const due first = queue_.front();
      std::ranges::pop_heap(queue_, is_later);
      queue_.pop_back();
      auto& here = alarms_[first.place];
      if (first.at != here.queued) continue;
      here.queued = end_of_time;
      if (here.set.first() == first.at) return first;
      enqueue(first.place);
    }
    return std::nullopt;
  }

  /// For when keys change places: all at once, each to one at or before its own; the first `count` places are left.
  void move(std::size_t from, std::size_t to) {
    if (to < alarms_.size()) alarms_[to] = from < alarms_.size() ? alarms_[from] : queued_alarm{};
  }
  void moved(std::size_t count) {
    if (count < alarms_.size()) alarms_.resize(count);
    queue_all();
  }

  void clear() {
    alarms_.clear();
    queue_.clear();
  }
  std::size_t bytes() const { return alarms_.capacity() * sizeof(queued_alarm) + queue_.capacity() * sizeof(due); }

 private:
  struct queued_alarm {
    alarm set{};
    timestamp queued = end_of_time;
  };

  static bool is_later(const due& a, const due& b) { return std::tie(a.at, a.place) > std::tie(b.at, b.place); }

  void enqueue(std::size_t place) {
    auto& here = alarms_[place];
    if (here.set.first() >= here.queued) return;
    if (queue_.size() > 2 * alarms_.size() + 64) return queue_all();
    here.queued = here.set.first();
    queue_.push_back({here.queued, place});
    std::ranges::push_heap(queue_, is_later);
  }

  void queue_all() {
    queue_.clear();
    for (std::size_t place = 0; place < alarms_.size(); ++place) {
      alarms_[place].queued = alarms_[place].set.first();
      if (alarms_[place].queued != end_of_time) queue_.push_back({alarms_[place].queued, place});
    }
    std::ranges::make_heap(queue_, is_later);
  }

  std::vector<queued_alarm> alarms_;  // by place; none behind the last that ever had one
  std::vector<due> queue_;            // a heap
};

}  // namespace weir::stream
