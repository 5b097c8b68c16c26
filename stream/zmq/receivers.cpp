#include "stream/zmq/receivers.hpp"

#include <array>
#include <chrono>
#include <type_traits>

#include <zmq.hpp>

namespace weir::stream {

namespace {

constexpr std::chrono::milliseconds wait_ms_max{50};
constexpr std::size_t put_messages_max = 4096;
constexpr std::size_t put_bytes_min = 1 << 20;

struct message {
  zmq::message_t topic;
  zmq::message_t payload;
};

/// A socket that receives, and what is set aside of what it receives.
struct receiving_socket {
  zmq::context_t context{1};
  zmq::socket_t socket;
  std::string endpoint;
  std::size_t message_bytes_max;

  receiving_socket(zmq::socket_type type, std::string at, int queue_messages_max, std::size_t bytes_max)
      : socket(context, type), endpoint(std::move(at)), message_bytes_max(bytes_max) {
    socket.set(zmq::sockopt::rcvhwm, queue_messages_max);
    socket.set(zmq::sockopt::linger, 0);
  }

  void attach(bool binds) {
    if (!binds) return socket.connect(endpoint);
    socket.bind(endpoint);
    endpoint = socket.get(zmq::sockopt::last_endpoint);
  }

  bool wait_for_message() {
    std::array<zmq::pollitem_t, 1> items{{{socket.handle(), 0, ZMQ_POLLIN, 0}}};
    return zmq::poll(items, wait_ms_max) > 0;
  }

  /// The next message, if there is one: its first frame, unless it is the only one, and its last.
  bool next(message& into) {
    if (!socket.recv(into.payload, zmq::recv_flags::dontwait)) return false;
    for (bool first = true; into.payload.more(); first = false) {
      if (first) into.topic.swap(into.payload);
      // All frames of a message come together.
      if (!socket.recv(into.payload)) return false;
    }
    return true;
  }
};

template <class Row>
Row row_of(const message& received) {
  const std::string_view payload = received.payload.to_string_view();
  if constexpr (std::is_same_v<Row, topic_and_payload>)
    return {received.topic.to_string_view(), payload};
  else
    return payload;
}

template <class Row>
std::size_t bytes_of(const message& received) {
  return received.payload.size() + (std::is_same_v<Row, topic_and_payload> ? received.topic.size() : 0);
}

/// What is there, up to a limit.
template <class Row>
received<Row> take_messages(receiving_socket& from, receiver_store<Row>& store) {
  auto held = std::make_shared<std::vector<message>>();
  received<Row> rows;
  while (held->size() < put_messages_max && rows.bytes < put_bytes_min) {
    message next;
    if (!from.next(next)) break;
    if (next.payload.size() > from.message_bytes_max) {
      store.set_aside("message longer than " + std::to_string(from.message_bytes_max) + " bytes");
      continue;
    }
    rows.bytes += bytes_of<Row>(next);
    held->push_back(std::move(next));
  }
  // Only now, for a short message's bytes lie in the message itself, which moved as the vector grew.
  rows.rows.reserve(held->size());
  for (const message& one : *held) rows.rows.push_back(row_of<Row>(one));
  rows.memory = std::move(held);
  return rows;
}

/// One wait, and a put of what has come; false: the stream stops.
template <class Row>
bool receive_some(receiving_socket& from, receiver_store<Row>& store) {
  try {
    if (!from.wait_for_message()) return true;
    auto rows = take_messages(from, store);
    return rows.rows.empty() || store.put(std::move(rows));
  } catch (const zmq::error_t& error) {
    if (error.num() != EINTR) throw;
    return true;
  }
}

template <class Row>
std::expected<void, io_error> receive_all(receiving_socket& from, receiver_store<Row>& store,
                                          const std::stop_token& stop) {
  try {
    store.connected();
    while (!stop.stop_requested() && receive_some(from, store)) {
    }
    return {};
  } catch (const zmq::error_t& error) {
    return std::unexpected(io_error{from.endpoint + ": " + error.what()});
  }
}

}  // namespace

struct pull_receiver::state : receiving_socket {
  using receiving_socket::receiving_socket;
};

pull_receiver::pull_receiver(std::unique_ptr<state> made) : state_(std::move(made)) {}
pull_receiver::~pull_receiver() = default;
pull_receiver::pull_receiver(pull_receiver&&) noexcept = default;
pull_receiver& pull_receiver::operator=(pull_receiver&&) noexcept = default;

std::expected<pull_receiver, io_error> pull_receiver::open(const pull_options& options) {
  try {
    auto made = std::make_unique<state>(zmq::socket_type::pull, options.endpoint, options.queue_messages_max,
                                        options.message_bytes_max);
    made->attach(!options.connects);
    return pull_receiver(std::move(made));
  } catch (const zmq::error_t& error) {
    return std::unexpected(io_error{options.endpoint + ": " + error.what()});
  }
}

std::string pull_receiver::endpoint() const { return state_->endpoint; }

std::expected<void, io_error> pull_receiver::receive(receiver_store<row>& into, std::stop_token stop) {
  return receive_all(*state_, into, stop);
}

template <class Row>
struct basic_sub_receiver<Row>::state : receiving_socket {
  using receiving_socket::receiving_socket;
};

template <class Row>
basic_sub_receiver<Row>::basic_sub_receiver(std::unique_ptr<state> made) : state_(std::move(made)) {}
template <class Row>
basic_sub_receiver<Row>::~basic_sub_receiver() = default;
template <class Row>
basic_sub_receiver<Row>::basic_sub_receiver(basic_sub_receiver&&) noexcept = default;
template <class Row>
basic_sub_receiver<Row>& basic_sub_receiver<Row>::operator=(basic_sub_receiver&&) noexcept = default;

template <class Row>
std::expected<basic_sub_receiver<Row>, io_error> basic_sub_receiver<Row>::open(const sub_options& options) {
  try {
    auto made = std::make_unique<state>(zmq::socket_type::sub, options.endpoint, options.queue_messages_max,
                                        options.message_bytes_max);
    for (const auto& topic : options.topics) made->socket.set(zmq::sockopt::subscribe, topic);
    made->attach(options.binds);
    return basic_sub_receiver(std::move(made));
  } catch (const zmq::error_t& error) {
    return std::unexpected(io_error{options.endpoint + ": " + error.what()});
  }
}

template <class Row>
std::string basic_sub_receiver<Row>::endpoint() const {
  return state_->endpoint;
}

template <class Row>
std::expected<void, io_error> basic_sub_receiver<Row>::receive(receiver_store<row>& into, std::stop_token stop) {
  return receive_all(*state_, into, stop);
}

template class basic_sub_receiver<std::string_view>;
template class basic_sub_receiver<topic_and_payload>;

}  // namespace weir::stream
