#pragma once

#include <cstddef>
#include <expected>
#include <future>
#include <stop_token>
#include <string>
#include <utility>

#include "tests/support/collecting_store.hpp"

namespace weir::testing {

/// A receiver in a thread of its own, and what it put.
template <class Receiver>
class running {
 public:
  explicit running(Receiver receiver, std::size_t rows_max = std::size_t(-1))
      : receiver_(std::move(receiver)), store_(stop_.get_token(), rows_max) {
    ended_ = std::async(std::launch::async, [this] { return receiver_.receive(store_, stop_.get_token()); });
  }
  ~running() { stop_.request_stop(); }

  collecting_store<typename Receiver::row>& store() { return store_; }
  const Receiver& receiver() const { return receiver_; }
  /// "", or the error, once the receiver has returned.
  std::string end() {
    const auto result = ended_.get();
    return result ? "" : result.error().message;
  }
  std::string stop() {
    stop_.request_stop();
    return end();
  }

 private:
  std::stop_source stop_;
  Receiver receiver_;
  collecting_store<typename Receiver::row> store_;
  std::future<std::expected<void, stream::io_error>> ended_;
};

}  // namespace weir::testing
