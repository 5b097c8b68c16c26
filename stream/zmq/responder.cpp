#include "stream/zmq/responder.hpp"

#include <utility>

#include <zmq.hpp>

namespace weir::stream {

struct responder::state {
  zmq::context_t context{1};
  zmq::socket_t socket{context, zmq::socket_type::rep};
};

responder::responder(std::unique_ptr<state> made) : state_(std::move(made)) {}
responder::~responder() = default;
responder::responder(responder&&) noexcept = default;
responder& responder::operator=(responder&&) noexcept = default;

std::expected<responder, io_error> responder::bind(const std::string& endpoint) {
  constexpr int linger_ms = 1000;  // for the answer to the one who asked us to stop
  try {
    auto made = std::make_unique<state>();
    made->socket.set(zmq::sockopt::linger, linger_ms);
    made->socket.bind(endpoint);
    return responder(std::move(made));
  } catch (const zmq::error_t& error) {
    return std::unexpected(io_error{endpoint + ": " + error.what()});
  }
}

std::optional<std::string> responder::next() {
  try {
    zmq::message_t request;
    if (!state_->socket.recv(request, zmq::recv_flags::dontwait)) return std::nullopt;
    while (request.more()) {
      zmq::message_t rest;
      if (!state_->socket.recv(rest, zmq::recv_flags::dontwait) || !rest.more()) break;
    }
    return request.to_string();
  } catch (const zmq::error_t&) {
    return std::nullopt;  // a signal has come, or who asked has gone
  }
}

void responder::answer(const std::string& text) {
  try {
    state_->socket.send(zmq::buffer(text), zmq::send_flags::dontwait);
  } catch (const zmq::error_t&) {
    // Who asked has gone.
  }
}

std::expected<std::string, io_error> ask(const std::string& endpoint, const std::string& request,
                                         std::chrono::milliseconds at_most) {
  try {
    zmq::context_t context{1};
    zmq::socket_t socket{context, zmq::socket_type::req};
    socket.set(zmq::sockopt::linger, 0);
    socket.set(zmq::sockopt::rcvtimeo, static_cast<int>(at_most.count()));
    socket.connect(endpoint);
    socket.send(zmq::buffer(request), zmq::send_flags::none);
    zmq::message_t answer;
    if (!socket.recv(answer)) return std::unexpected(io_error{endpoint + ": no answer"});
    return answer.to_string();
  } catch (const zmq::error_t& error) {
    return std::unexpected(io_error{endpoint + ": " + error.what()});
  }
}

}  // namespace weir::stream
