#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

#include "stream/table.hpp"

namespace weir::stream {

/// What joins the threads that read sources with the one that decodes: one queue for all, first come first served, in
/// which each source has a share of its own, in bytes. A source whose share is used up waits; the others go on. So a
/// fast source cannot fill the memory while a slow one holds the stream back.
///
/// A share is used by what stands in the queue and by what the consumer took but says it still `hold`s.
///
/// `push` may be called by any thread, `take` and `hold` by one: the consumer.
template <class T>
class bounded_queue {
 public:
  bounded_queue(std::size_t sources, std::size_t share_bytes_max)
      : share_bytes_max_(share_bytes_max), queued_(sources), held_(sources) {}

  /// Appends; waits while the source's share has no room. What is larger than a share goes in when the share is empty.
  /// False, and nothing is appended, when `stop` was requested meanwhile.
  bool push(source_id source, T entry, std::size_t bytes, const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    const auto has_room = [&] {
      const std::size_t used = used_by(source);
      return bytes == 0 || used == 0 || used + bytes <= share_bytes_max_;
    };
    if (!room_.wait(lock, stop, has_room)) return false;
    queued_[place_of(source)] += bytes;
    entries_.push_back({source, std::move(entry), bytes});
    lock.unlock();
    arrived_.notify_one();
    return true;
  }

  /// The entry that came first; waits for one, but not longer than `at_most`.
  std::optional<T> take(std::chrono::microseconds at_most) {
    std::unique_lock lock(mutex_);
    if (!arrived_.wait_for(lock, at_most, [this] { return !entries_.empty(); })) return std::nullopt;
    auto [source, entry, bytes] = std::move(entries_.front());
    entries_.pop_front();
    queued_[place_of(source)] -= bytes;
    lock.unlock();
    room_.notify_all();
    return std::optional<T>{std::move(entry)};
  }

  /// The consumer still holds so many bytes of the source: they count against its share, until it says otherwise.
  void hold(source_id source, std::size_t bytes) {
    {
      const std::lock_guard lock(mutex_);
      if (std::exchange(held_[place_of(source)], bytes) <= bytes) return;
    }
    room_.notify_all();
  }

  /// Bytes of a source's share that are in use. Any thread.
  std::size_t used(source_id source) const {
    const std::lock_guard lock(mutex_);
    return used_by(source);
  }

 private:
  struct queued_entry {
    source_id source{};
    T entry;
    std::size_t bytes = 0;
  };

  static std::size_t place_of(source_id source) { return static_cast<std::size_t>(source); }
  std::size_t used_by(source_id source) const { return queued_[place_of(source)] + held_[place_of(source)]; }

  const std::size_t share_bytes_max_;
  mutable std::mutex mutex_;
  std::condition_variable_any room_;
  std::condition_variable arrived_;
  std::deque<queued_entry> entries_;
  std::vector<std::size_t> queued_;  // bytes, by source
  std::vector<std::size_t> held_;
};

}  // namespace weir::stream
