#pragma once

#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "stream/dstream/source.hpp"

namespace weir::testing {

/// Keeps what a receiver puts, as rows of their own; full from `rows_max` on, until somebody takes them. Any thread.
template <class T>
class collecting_store : public stream::receiver_store<T> {
 public:
  using kept = stream::kept_t<T>;

  explicit collecting_store(std::stop_token stop = {}, std::size_t rows_max = std::size_t(-1))
      : stop_(std::move(stop)), rows_max_(rows_max) {}

  bool put(stream::received<T> rows) override {
    std::unique_lock lock(mutex_);
    if (!changed_.wait(lock, stop_, [&] { return rows_.size() < rows_max_; })) return false;
    for (const T& row : rows.rows) rows_.push_back(kept(row));
    bytes_ += rows.bytes;
    ++puts_;
    changed_.notify_all();
    return true;
  }
  void connected() override {
    const std::lock_guard lock(mutex_);
    ++connections_;
    changed_.notify_all();
  }
  void set_aside(std::string_view reason) override {
    const std::lock_guard lock(mutex_);
    ++aside_[std::string{reason}];
    changed_.notify_all();
  }

  /// Waits until `holds(*this)` does; it may ask for all below. A test that waits in vain is killed by its own limit.
  template <class Condition>
  void wait(Condition holds) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return holds(*this); });
  }
  void wait_for_rows(std::size_t count) {
    wait([&](const auto& store) { return store.rows_.size() >= count; });
  }
  std::vector<kept> take() {
    const std::lock_guard lock(mutex_);
    changed_.notify_all();
    return std::exchange(rows_, {});
  }

  // Only while nobody puts, or as part of a wait's condition.
  const std::vector<kept>& rows() const { return rows_; }
  const std::map<std::string, int>& aside() const { return aside_; }
  std::size_t bytes() const { return bytes_; }
  int puts() const { return puts_; }
  int connections() const { return connections_; }

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::stop_token stop_;
  std::size_t rows_max_;
  std::vector<kept> rows_;
  std::map<std::string, int> aside_;
  std::size_t bytes_ = 0;
  int puts_ = 0;
  int connections_ = 0;
};

}  // namespace weir::testing
