#include "stream/zmq/publisher.hpp"

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <zmq.hpp>

namespace weir::stream {

namespace {

using clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds settle_time{100};

zmq::socket_t make_socket(zmq::context_t& context, const publisher_options& options) {
  zmq::socket_t socket(context, zmq::socket_type::xpub);
  socket.set(zmq::sockopt::sndhwm, options.queue_messages_max);
  socket.set(zmq::sockopt::linger, static_cast<int>(options.linger_ms_max.count()));
  socket.set(zmq::sockopt::xpub_verboser, 1);  // every subscriber's coming and going, not only a topic's first and last
  socket.set(zmq::sockopt::xpub_nodrop, 1);
  return socket;
}

bool send_part(zmq::socket_t& socket, std::string_view bytes, zmq::send_flags flags) {
  for (;;) {
    try {
      return socket.send(zmq::const_buffer(bytes.data(), bytes.size()), flags | zmq::send_flags::dontwait).has_value();
    } catch (const zmq::error_t& error) {
      if (error.num() != EINTR) throw;
    }
  }
}

}  // namespace

// The socket is used by two threads, never at once: the mutex is the full memory barrier that zmq_socket(3) asks for
// when a socket passes from thread to thread. So an alert goes straight out, without a queue in between.
struct publisher::state {
  zmq::context_t context;
  zmq::socket_t socket;
  publisher_options options;
  std::string endpoint;

  mutable std::mutex mutex;
  std::condition_variable_any stopping;
  std::uint64_t seq = 0;
  std::size_t subscriptions = 0;
  std::uint64_t overflows = 0;

  std::jthread heart;  // last: stops before what it uses goes

  explicit state(const publisher_options& chosen) : context(1), socket(make_socket(context, chosen)), options(chosen) {}

  void send(std::string_view topic, std::string_view payload) {
    // With `nodrop` a full queue shows; the message then goes to all others, and the slow one misses it.
    if (!send_part(socket, topic, zmq::send_flags::sndmore)) {
      ++overflows;
      socket.set(zmq::sockopt::xpub_nodrop, 0);
      send_part(socket, topic, zmq::send_flags::sndmore);
    }
    send_part(socket, payload, zmq::send_flags::none);
    socket.set(zmq::sockopt::xpub_nodrop, 1);
  }

  void send_heartbeat() { send(heartbeat_topic, fmt::format(R"({{"seq":{}}})", seq)); }

  /// Reads who has come (a first byte of 1) and gone (0); true if somebody has come.
  bool read_subscriptions() {
    bool came = false;
    zmq::message_t message;
    while (socket.recv(message, zmq::recv_flags::dontwait)) {
      if (message.size() == 0) continue;
      const bool begins = *message.data<char>() == 1;
      if (begins) ++subscriptions;
      if (!begins && subscriptions > 0) --subscriptions;
      came = came || begins;
    }
    return came;
  }

  void beat(const std::stop_token& stop) {
    std::unique_lock lock(mutex);
    while (!stop.stop_requested()) {
      read_subscriptions();
      send_heartbeat();
      stopping.wait_for(lock, stop, options.heartbeat_interval, [] { return false; });
    }
  }
};

publisher::publisher(std::unique_ptr<state> made) : state_(std::move(made)) {}
publisher::publisher(publisher&&) noexcept = default;

publisher& publisher::operator=(publisher&& other) noexcept {
  std::swap(state_, other.state_);
  return *this;
}

publisher::~publisher() {
  if (!state_) return;
  state_->heart.request_stop();
  state_->heart.join();
  const std::lock_guard lock(state_->mutex);
  state_->send_heartbeat();
}

std::expected<publisher, io_error> publisher::bind(const std::string& endpoint, const publisher_options& options) {
  try {
    auto made = std::make_unique<state>(options);
    made->socket.bind(endpoint);
    made->endpoint = made->socket.get(zmq::sockopt::last_endpoint);
    made->heart = std::jthread([raw = made.get()](const std::stop_token& stop) { raw->beat(stop); });
    return publisher(std::move(made));
  } catch (const zmq::error_t& error) {
    return std::unexpected(io_error{endpoint + ": " + error.what()});
  }
}

const std::string& publisher::endpoint() const { return state_->endpoint; }

bool publisher::wait_for_subscriber(std::chrono::milliseconds at_most) {
  const auto give_up = clock::now() + at_most;
  for (;;) {
    {
      const std::lock_guard lock(state_->mutex);
      state_->read_subscriptions();
      if (state_->subscriptions > 0) {
        state_->send_heartbeat();
        break;
      }
    }
    if (clock::now() >= give_up) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  // A subscriber of several topics sends one subscription after another: give the rest time to arrive.
  std::this_thread::sleep_for(settle_time);
  return true;
}

void publisher::publish(std::string_view topic, std::string_view payload, std::optional<std::uint64_t> seq) {
  const std::lock_guard lock(state_->mutex);
  if (seq) state_->seq = *seq;
  state_->send(topic, payload);
}

std::size_t publisher::subscriptions() const {
  const std::lock_guard lock(state_->mutex);
  state_->read_subscriptions();
  return state_->subscriptions;
}

std::uint64_t publisher::overflows() const {
  const std::lock_guard lock(state_->mutex);
  return state_->overflows;
}

}  // namespace weir::stream
