#pragma once

#include <deque>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "stream/dstream/operators/parts.hpp"

namespace weir::stream {

/// The last batches of a stream, for whoever asks while it runs. Any thread.
template <class T>
class remembered_batches {
 public:
  using batch = std::pair<timestamp, row_vector<T>>;

  explicit remembered_batches(duration length) : length_(length) {}

  /// The batches from one time to another, both included, as far as they are remembered.
  std::vector<batch> slice(timestamp from, timestamp to) const {
    const std::lock_guard lock(mutex_);
    std::vector<batch> found;
    for (const auto& one : batches_) {
      if (one.first >= from && one.first <= to) found.push_back(one);
    }
    return found;
  }

  void add(const batch_rows<T>& rows) {
    const std::lock_guard lock(mutex_);
    batches_.push_back({rows.batch().time, row_vector<T>(rows.begin(), rows.end())});
    while (batches_.front().first <= rows.batch().time - length_) batches_.pop_front();
  }

 private:
  const duration length_;
  mutable std::mutex mutex_;
  std::deque<batch> batches_;
};

/// Puts each batch into the memory.
template <class T>
struct remember_rows {
  // Shared: the program's owner asks it, the stream's thread fills it, and either may be gone first.
  std::shared_ptr<remembered_batches<T>> memory;
  void operator()(const batch_rows<T>& rows) const { memory->add(rows); }
};

}  // namespace weir::stream
