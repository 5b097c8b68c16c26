#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <vector>

#include "stream/dstream/streaming_context.hpp"

namespace weir::testing {

/// Keeps the progress of a context's batches, for a test that waits for them.
class batch_watch {
 public:
  /// The watch outlives the context.
  void follow(stream::streaming_context& app) {
    app.add_listener([this](const stream::batch_progress& progress) {
      const std::lock_guard lock(mutex_);
      batches_.push_back(progress);
      more_.notify_all();
    });
  }

  void wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    more_.wait(lock, [&] { return batches_.size() >= count; });
  }
  std::vector<stream::batch_progress> all() {
    const std::lock_guard lock(mutex_);
    return batches_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable more_;
  std::vector<stream::batch_progress> batches_;
};

}  // namespace weir::testing
