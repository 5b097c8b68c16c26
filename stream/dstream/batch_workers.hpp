#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>

#include "stream/worker_pool.hpp"

namespace weir::stream {

/// The threads that work on the parts of a batch. One caller at a time, not from within a task.
class batch_workers {
 public:
  explicit batch_workers(std::size_t threads) : pool_(std::min(threads, worker_pool::tasks_max)) {}

  std::size_t threads() const { return pool_.threads(); }

  /// Calls task(0) … task(count − 1), each once, and returns when all have. What a task throws is thrown on: of several
  /// the one with the least number.
  template <class Task>
  void run(std::size_t count, const Task& task) {
    if (pool_.threads() == 1 || count <= 1) {
      for (std::size_t i = 0; i < count; ++i) task(i);
      return;
    }
    run_side_by_side(count, task);
  }

 private:
  template <class Task>
  void run_side_by_side(std::size_t count, const Task& task) {
    std::atomic<std::size_t> next = 0;
    std::mutex noting;
    std::size_t failed = count;
    std::exception_ptr failure;
    pool_.run(std::min(count, pool_.threads()), [&](std::size_t) {
      for (std::size_t i = next++; i < count; i = next++) {
        try {
          task(i);
        } catch (...) {
          const std::lock_guard lock(noting);
          if (i < failed) failure = std::current_exception();
          failed = std::min(failed, i);
        }
      }
    });
    if (failure) std::rethrow_exception(failure);
  }

  worker_pool pool_;
};

}  // namespace weir::stream
