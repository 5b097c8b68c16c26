#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <thread>
#include <vector>

namespace weir::stream {

/// Threads that do a piece of work side by side with the one that asks for it, and wait for the next. `run` and `begin`
/// may be called by one thread at a time, and not from within a task.
///
/// A thread that has nothing to do looks for more for some microseconds, since the next batch often comes at once; then
/// it sleeps.
class worker_pool {
 public:
  static constexpr std::size_t tasks_max = 64;

  /// So many threads in all: the caller of `run` is one of them, and for 1 there is no other.
  explicit worker_pool(std::size_t threads);
  ~worker_pool();
  worker_pool(const worker_pool&) = delete;
  worker_pool& operator=(const worker_pool&) = delete;

  std::size_t threads() const { return workers_.size() + 1; }

  /// Calls task(0) … task(count − 1), each once, and returns when all have returned. What was done before the call is
  /// seen by the tasks, and what they did is seen after it. Task i goes to thread i where that one is free, so that it
  /// finds what it had in its caches. At most `tasks_max`; a task does not throw.
  template <class Task>
  void run(std::size_t count, const Task& task) {
    if (count == 1 || workers_.empty()) {
      for (std::size_t i = 0; i < count; ++i) task(i);
      return;
    }
    run_all(count, {.call = [](const void* of, std::size_t i) { (*static_cast<const Task*>(of))(i); }, .of = &task});
  }

  /// Has another thread do `task()` as soon as one is free, before it takes tasks of `run`: something that goes on
  /// meanwhile, and may take longer than they do. Waits until the one before has returned. There must be another
  /// thread; `task` outlives what it does.
  template <class Task>
  void begin(const Task& task) {
    begin_one({.call = [](const void* of, std::size_t) { (*static_cast<const Task*>(of))(); }, .of = &task});
  }

 private:
  struct job {
    void (*call)(const void* of, std::size_t task) = nullptr;
    const void* of = nullptr;
  };

  enum class stage : std::uint32_t { none, begun, taken };

  void run_all(std::size_t count, job asked);
  void begin_one(job asked);
  void take_begun();
  void work(std::size_t self, const std::stop_token& stop);
  void take_tasks(std::size_t self);

  static constexpr std::size_t line = 64;  // of memory: what different threads write stands on lines of its own

  job job_;                                              // good while a task of it is open or being done
  job beside_;                                           // good while `begun_` says so
  alignas(line) std::atomic<std::uint64_t> open_ = 0;    // tasks that nobody has taken, a bit each
  alignas(line) std::atomic<std::uint32_t> undone_ = 0;  // tasks that have not returned
  alignas(line) std::atomic<stage> begun_ = stage::none;
  alignas(line) std::atomic<std::uint32_t> calls_ = 0;  // of run and begin: what a worker waits on
  alignas(line) std::vector<std::jthread> workers_;     // last: they end before what they use goes
};

}  // namespace weir::stream
