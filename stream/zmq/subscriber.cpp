#include "stream/zmq/subscriber.hpp"

#include <array>
#include <utility>

#include <simdjson.h>
#include <zmq.hpp>

#include "stream/zmq/publisher.hpp"

namespace weir::stream {

namespace {

constexpr int queue_messages_max = 100'000;
constexpr std::string_view shadow_prefix = "shadow.";

std::optional<std::uint64_t> read_seq(simdjson::ondemand::parser& parser, std::string_view payload) {
  const simdjson::padded_string padded(payload);
  simdjson::ondemand::document document;
  std::uint64_t seq = 0;
  if (parser.iterate(padded).get(document) != simdjson::SUCCESS) return {};
  if (document["seq"].get_uint64().get(seq) != simdjson::SUCCESS) return {};
  return seq;
}

/// The two frames of a message; further ones, should there be any, are passed over.
std::optional<received_message> read_frames(zmq::socket_t& socket) {
  received_message message;
  zmq::message_t frame;
  if (!socket.recv(frame, zmq::recv_flags::dontwait)) return {};
  message.topic = frame.to_string();
  for (bool first = true; frame.more(); first = false) {
    if (!socket.recv(frame)) return {};
    if (first) message.payload = frame.to_string();
  }
  return message;
}

}  // namespace

gap_detector::finding gap_detector::expect_at(std::uint64_t next_seq) {
  finding found;
  if (next_seq_ && next_seq < *next_seq_) {
    // Numbers only go up within a run, so this is another run; it begins at 1.
    found = {.missed = next_seq - 1, .new_run = true};
  } else if (next_seq_) {
    found.missed = next_seq - *next_seq_;
  }
  next_seq_ = next_seq;
  return found;
}

gap_detector::finding gap_detector::alert(std::uint64_t seq) {
  const auto found = expect_at(seq);
  next_seq_ = seq + 1;
  return found;
}

gap_detector::finding gap_detector::heartbeat(std::uint64_t last_seq) { return expect_at(last_seq + 1); }

struct subscriber::state {
  zmq::context_t context{1};
  zmq::socket_t socket{context, zmq::socket_type::sub};
  simdjson::ondemand::parser parser;
  gap_detector gaps;

  void judge(received_message& message) {
    message.heartbeat = message.topic == heartbeat_topic;
    const auto seq = read_seq(parser, message.payload);
    message.seq = seq.value_or(0);
    // Shadow alerts have numbers of their own.
    if (!seq || message.topic.starts_with(shadow_prefix)) return;
    const auto found = message.heartbeat ? gaps.heartbeat(*seq) : gaps.alert(*seq);
    message.missed = found.missed;
    message.new_run = found.new_run;
  }
};

subscriber::subscriber(std::unique_ptr<state> made) : state_(std::move(made)) {}
subscriber::~subscriber() = default;
subscriber::subscriber(subscriber&&) noexcept = default;
subscriber& subscriber::operator=(subscriber&&) noexcept = default;

std::expected<subscriber, io_error> subscriber::connect(const std::string& endpoint) {
  try {
    auto made = std::make_unique<state>();
    made->socket.set(zmq::sockopt::rcvhwm, queue_messages_max);
    made->socket.set(zmq::sockopt::linger, 0);
    made->socket.set(zmq::sockopt::subscribe, "");
    made->socket.connect(endpoint);
    return subscriber(std::move(made));
  } catch (const zmq::error_t& error) {
    return std::unexpected(io_error{endpoint + ": " + error.what()});
  }
}

std::expected<std::optional<received_message>, io_error> subscriber::receive(std::chrono::milliseconds at_most) {
  try {
    std::array<zmq::pollitem_t, 1> items{{{state_->socket.handle(), 0, ZMQ_POLLIN, 0}}};
    if (zmq::poll(items, at_most) == 0) return std::nullopt;
    auto message = read_frames(state_->socket);
    if (message) state_->judge(*message);
    return message;
  } catch (const zmq::error_t& error) {
    if (error.num() == EINTR) return std::nullopt;
    return std::unexpected(io_error{error.what()});
  }
}

}  // namespace weir::stream
