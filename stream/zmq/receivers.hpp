#pragma once

#include <cstddef>
#include <expected>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stream/dstream/source.hpp"

namespace weir::stream {

struct pull_options {
  std::string endpoint;                      // "tcp://*:5557", "ipc://…" and the like
  bool connects = false;                     // to a pusher that binds, instead of binding for all that connect
  int queue_messages_max = 1000;             // that ZeroMQ holds for each pusher, besides those of the store
  std::size_t message_bytes_max = 16 << 20;  // a larger payload is set aside
};

/// Receives what pushers send to it (ZeroMQ PULL): a row is the payload of a message, its last frame. A `receiver`; one
/// thread. What has arrived is put at once, many messages at once if there are many; the rows look at the messages
/// themselves.
///
/// While the store is full nothing is taken from ZeroMQ's queue; once this and the system's buffers are full, the
/// pushers wait. Connections that are lost are made again by ZeroMQ, without an error here. Nothing is acknowledged:
/// messages in ZeroMQ's queues are lost when either side goes down.
class pull_receiver {
 public:
  using row = std::string_view;

  /// Binds or connects; the pusher need not be there yet. The error names the endpoint: "tcp://…: Address already in
  /// use".
  static std::expected<pull_receiver, io_error> open(const pull_options& options);
  ~pull_receiver();
  pull_receiver(pull_receiver&&) noexcept;
  pull_receiver& operator=(pull_receiver&&) noexcept;

  /// The endpoint as bound, with the port that a "tcp://127.0.0.1:*" was given.
  std::string endpoint() const;

  /// Receives until `stop`, which is seen in a twentieth of a second. The error, of ZeroMQ, names the endpoint.
  std::expected<void, io_error> receive(receiver_store<row>& into, std::stop_token stop);

 private:
  struct state;
  explicit pull_receiver(std::unique_ptr<state> made);

  std::unique_ptr<state> state_;
};

struct sub_options {
  std::string endpoint;
  std::vector<std::string> topics = {""};    // of what begins like one of these; "" is all
  bool binds = false;                        // for publishers that connect, instead of connecting to one that binds
  int queue_messages_max = 1000;             // that ZeroMQ holds for each publisher, besides those of the store
  std::size_t message_bytes_max = 16 << 20;  // a larger payload is set aside
};

/// The topic of a message, its first frame (empty where it has but one), and its payload, the last one.
using topic_and_payload = std::pair<std::string_view, std::string_view>;

/// Receives what publishers publish (ZeroMQ SUB): a row is the payload of a message, or topic and payload. As
/// `pull_receiver`, but for a full store: **a publisher does not wait**. Once the queues in between are full it drops
/// messages for this subscriber, without a word to either side; and so it does before the subscription has reached it,
/// and while a connection is lost. Where nothing may be lost, push and pull.
template <class Row>
class basic_sub_receiver {
 public:
  using row = Row;

  /// Connects or binds; the publisher need not be there yet. The error names the endpoint: "tcp:/x: Invalid argument".
  static std::expected<basic_sub_receiver, io_error> open(const sub_options& options);
  ~basic_sub_receiver();
  basic_sub_receiver(basic_sub_receiver&&) noexcept;
  basic_sub_receiver& operator=(basic_sub_receiver&&) noexcept;

  /// The endpoint as bound.
  std::string endpoint() const;

  /// Receives until `stop`, which is seen in a twentieth of a second. The error, of ZeroMQ, names the endpoint.
  std::expected<void, io_error> receive(receiver_store<row>& into, std::stop_token stop);

 private:
  struct state;
  explicit basic_sub_receiver(std::unique_ptr<state> made);

  std::unique_ptr<state> state_;
};

using sub_receiver = basic_sub_receiver<std::string_view>;
using sub_topic_receiver = basic_sub_receiver<topic_and_payload>;

extern template class basic_sub_receiver<std::string_view>;
extern template class basic_sub_receiver<topic_and_payload>;

}  // namespace weir::stream
