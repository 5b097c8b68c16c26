#include "stream/worker_pool.hpp"

#include <bit>
#include <cassert>
#include <chrono>

namespace weir::stream {

namespace {

/// Longer than what stands between two batches as a rule, and no more than waking a thread would take.
constexpr std::chrono::microseconds patience{20};

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#else
  std::this_thread::yield();
#endif
}

/// Waits until `value` is no longer `seen`.
void wait_for_change(const std::atomic<std::uint32_t>& value, std::uint32_t seen) {
  constexpr int looks_between_clocks = 32;
  const auto until = std::chrono::steady_clock::now() + patience;
  do {
    for (int i = 0; i < looks_between_clocks; ++i) {
      if (value.load(std::memory_order_acquire) != seen) return;
      pause();
    }
  } while (std::chrono::steady_clock::now() < until);
  value.wait(seen, std::memory_order_acquire);
}

}  // namespace

worker_pool::worker_pool(std::size_t threads) {
  for (std::size_t self = 1; self < threads; ++self) {
    workers_.emplace_back([this, self](const std::stop_token& stop) { work(self, stop); });
  }
}

worker_pool::~worker_pool() {
  for (auto& worker : workers_) worker.request_stop();
  calls_.fetch_add(1, std::memory_order_release);
  calls_.notify_all();
}

void worker_pool::work(std::size_t self, const std::stop_token& stop) {
  std::uint32_t seen = 0;
  while (!stop.stop_requested()) {
    do {
      take_begun();
      take_tasks(self);
    } while (begun_.load(std::memory_order_relaxed) == stage::begun);
    wait_for_change(calls_, seen);
    seen = calls_.load(std::memory_order_acquire);
  }
}

void worker_pool::run_all(std::size_t count, job asked) {
  assert(count <= tasks_max);
  if (count == 0) return;
  job_ = asked;
  undone_.store(static_cast<std::uint32_t>(count), std::memory_order_relaxed);
  open_.store(~std::uint64_t{0} >> (tasks_max - count), std::memory_order_release);
  calls_.fetch_add(1, std::memory_order_release);
  calls_.notify_all();
  take_tasks(0);
  for (std::uint32_t left = undone_.load(std::memory_order_acquire); left != 0;
       left = undone_.load(std::memory_order_acquire)) {
    wait_for_change(undone_, left);
  }
}

void worker_pool::begin_one(job asked) {
  assert(!workers_.empty());
  while (begun_.load(std::memory_order_acquire) != stage::none) pause();
  beside_ = asked;
  begun_.store(stage::begun, std::memory_order_release);
  calls_.fetch_add(1, std::memory_order_release);
  calls_.notify_one();
}

void worker_pool::take_begun() {
  stage seen = stage::begun;
  if (!begun_.compare_exchange_strong(seen, stage::taken, std::memory_order_acquire)) return;
  beside_.call(beside_.of, 0);
  begun_.store(stage::none, std::memory_order_release);
}

/// Takes open tasks until there are none, its own first. `run` does not return before a task that was taken is done: so
/// long the job stays what it is.
void worker_pool::take_tasks(std::size_t self) {
  for (;;) {
    const std::uint64_t open = open_.load(std::memory_order_relaxed);
    if (open == 0) return;
    const auto turned = static_cast<int>(self % tasks_max);
    const auto task = (static_cast<std::size_t>(std::countr_zero(std::rotr(open, turned))) + self) % tasks_max;
    const std::uint64_t bit = std::uint64_t{1} << task;
    if ((open_.fetch_and(~bit, std::memory_order_acquire) & bit) == 0) continue;  // another was faster
    job_.call(job_.of, task);
    if (undone_.fetch_sub(1, std::memory_order_acq_rel) == 1) undone_.notify_one();
  }
}

}  // namespace weir::stream
