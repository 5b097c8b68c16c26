#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <functional>
#include <iterator>
#include <memory>
#include <mutex>
#include <utility>

#include "stream/dstream/source.hpp"

namespace weir::stream {

/// Rows that the program itself gives to a stream, piece by piece. Any thread.
template <class T>
class row_queue {
 public:
  void push(row_vector<T> rows) {
    {
      const std::lock_guard lock(mutex_);
      pieces_.push_back(std::move(rows));
    }
    tell();
  }
  /// Nothing more will come.
  void close() {
    {
      const std::lock_guard lock(mutex_);
      closed_ = true;
    }
    tell();
  }

 private:
  template <class>
  friend class queue_source;

  void tell() {
    const std::lock_guard lock(mutex_);
    if (arrived_) arrived_();
  }

  std::mutex mutex_;
  std::deque<row_vector<T>> pieces_;
  std::function<void()> arrived_;
  bool closed_ = false;
};

/// Gives a piece of a queue to each batch, less where there is a limit. It cannot be replayed.
template <class T>
class queue_source {
 public:
  using row = T;

  // Shared: the program pushes, the stream's thread takes, and either may be gone first.
  explicit queue_source(std::shared_ptr<row_queue<T>> queue) : queue_(std::move(queue)) {}

  void start(std::function<void()> arrived) {
    const std::lock_guard lock(queue_->mutex_);
    queue_->arrived_ = std::move(arrived);
  }
  void stop() {
    const std::lock_guard lock(queue_->mutex_);
    queue_->arrived_ = nullptr;
  }

  std::expected<polled<T>, io_error> poll(std::size_t rows_max) {
    polled<T> got;
    const std::lock_guard lock(queue_->mutex_);
    if (!queue_->pieces_.empty()) {
      auto& piece = queue_->pieces_.front();
      if (piece.size() <= rows_max) {
        got.taken.rows = std::move(piece);
        queue_->pieces_.pop_front();
      } else {
        const auto end = piece.begin() + static_cast<std::ptrdiff_t>(rows_max);
        got.taken.rows.assign(std::make_move_iterator(piece.begin()), std::make_move_iterator(end));
        piece.erase(piece.begin(), end);
      }
      got.range = "taken";
    }
    got.ended = queue_->closed_ && queue_->pieces_.empty();
    return got;
  }

 private:
  std::shared_ptr<row_queue<T>> queue_;
};

}  // namespace weir::stream
