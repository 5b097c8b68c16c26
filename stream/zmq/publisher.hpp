#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "stream/source.hpp"

namespace weir::stream {

inline constexpr std::string_view heartbeat_topic = "heartbeat";

struct publisher_options {
  int queue_messages_max = 100'000;  // kept for each subscriber; one that falls further behind misses messages
  std::chrono::milliseconds heartbeat_interval{1000};
  std::chrono::milliseconds linger_ms_max{2000};  // how long the last messages may take to leave at the end
};

/// Publishes messages of two frames, topic and payload, to whoever has subscribed (ZeroMQ XPUB). Never blocks: a slow
/// subscriber loses messages, and learns how many from the sequence numbers. Once a second, also while nothing else is
/// published, a heartbeat (topic `heartbeat`, payload {"seq":N}) tells the number of the last message, and so does the
/// last word of all. Used by one thread; the heartbeat has its own.
class publisher {
 public:
  /// Binds "tcp://*:5556", "ipc://…" and the like. The error names the endpoint: "tcp://…: Address already in use".
  static std::expected<publisher, io_error> bind(const std::string& endpoint, const publisher_options& options = {});

  /// Sends the last messages, waiting no longer than `linger_ms_max` for subscribers to take them.
  ~publisher();
  publisher(publisher&&) noexcept;
  publisher& operator=(publisher&&) noexcept;

  /// The endpoint as bound, with the port that a "tcp://127.0.0.1:*" was given.
  const std::string& endpoint() const;

  /// Waits until somebody has subscribed; false if nobody has by then.
  bool wait_for_subscriber(std::chrono::milliseconds at_most);

  /// Sends to all whose subscription is a prefix of `topic`. `seq` is what the next heartbeat tells; none for a message
  /// that stands outside the numbering.
  void publish(std::string_view topic, std::string_view payload, std::optional<std::uint64_t> seq);

  /// Subscriptions made and not yet ended.
  std::size_t subscriptions() const;
  /// How often a subscriber's queue was found newly full: from then on it misses messages until it catches up.
  std::uint64_t overflows() const;

 private:
  struct state;
  explicit publisher(std::unique_ptr<state> made);

  std::unique_ptr<state> state_;
};

}  // namespace weir::stream
