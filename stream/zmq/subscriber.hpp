#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>

#include "stream/source.hpp"

namespace weir::stream {

/// A message as a subscriber got it, and what its sequence number tells about those before.
struct received_message {
  std::string topic;
  std::string payload;
  std::uint64_t seq = 0;     // of the alert, or, in a heartbeat, of the last alert sent before it
  bool heartbeat = false;    // no alert: only a sign of life
  bool new_run = false;      // the numbers begin anew: the publisher has been started again
  std::uint64_t missed = 0;  // alerts that should have come before this message and did not
};

/// Follows the sequence numbers of one publisher. What was sent before the first message seen does not count as missed.
class gap_detector {
 public:
  struct finding {
    std::uint64_t missed = 0;
    bool new_run = false;
  };

  finding alert(std::uint64_t seq);
  finding heartbeat(std::uint64_t last_seq);

 private:
  finding expect_at(std::uint64_t next_seq);

  std::optional<std::uint64_t> next_seq_;
};

/// Receives what a `publisher` publishes (ZeroMQ SUB). It subscribes to everything, heartbeats and shadow alerts
/// included: only who gets all messages can tell a lost one from one not asked for. One thread.
class subscriber {
 public:
  /// Connects in the background, and again whenever the connection is lost; the publisher need not be there yet. The
  /// error is a malformed endpoint: "tcp:/x: Invalid argument".
  static std::expected<subscriber, io_error> connect(const std::string& endpoint);

  ~subscriber();
  subscriber(subscriber&&) noexcept;
  subscriber& operator=(subscriber&&) noexcept;

  /// The next message; nothing when none has come in time or a signal has interrupted the wait.
  std::expected<std::optional<received_message>, io_error> receive(std::chrono::milliseconds at_most);

 private:
  struct state;
  explicit subscriber(std::unique_ptr<state> made);

  std::unique_ptr<state> state_;
};

}  // namespace weir::stream
