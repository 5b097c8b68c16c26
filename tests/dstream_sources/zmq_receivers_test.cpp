#include <catch2/catch.hpp>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <zmq.hpp>

#include "running.hpp"
#include "stream/zmq/publisher.hpp"
#include "stream/zmq/receivers.hpp"

using namespace weir::stream;
using namespace weir::testing;
using namespace std::chrono_literals;

static_assert(receiver<pull_receiver>);
static_assert(receiver<sub_receiver>);
static_assert(receiver<sub_topic_receiver>);

namespace {

using texts = std::vector<std::string>;

template <class Receiver, class Options>
Receiver opened(Options options) {
  auto made = Receiver::open(options);
  REQUIRE(made);
  return std::move(*made);
}

/// A pusher of its own process, as it were; what it sent and could not yet deliver goes out before it goes.
struct pusher {
  zmq::context_t context{1};
  zmq::socket_t socket{context, zmq::socket_type::push};

  void send(const std::string& text, zmq::send_flags flags = zmq::send_flags::none) {
    REQUIRE(socket.send(zmq::buffer(text), flags));
  }
};

std::string long_text(int number) { return std::to_string(number) + std::string(100, 'x'); }

}  // namespace

TEST_CASE("messages of pushers that come and go are rows, and those of one in order") {
  running pull(opened<pull_receiver>(pull_options{.endpoint = "tcp://127.0.0.1:*"}));
  texts expected;
  for (int run = 0; run < 3; ++run) {
    pusher sender;
    sender.socket.connect(pull.receiver().endpoint());
    for (int i = 0; i < 2000; ++i) {
      const std::string text = i % 2 == 0 ? std::to_string(i) : long_text(i);  // inside the message, and outside
      sender.send(text);
      expected.push_back(text);
    }
    pull.store().wait_for_rows(expected.size());
  }
  CHECK(pull.stop().empty());
  CHECK(pull.store().rows() == expected);
  std::size_t bytes = 0;
  for (const auto& text : expected) bytes += text.size();
  CHECK(pull.store().bytes() == bytes);
}

TEST_CASE("a receiver that connects finds its pusher again after that was restarted") {
  std::optional<pusher> sender;
  sender.emplace();
  sender->socket.bind("tcp://127.0.0.1:*");
  const std::string endpoint = sender->socket.get(zmq::sockopt::last_endpoint);
  running pull(opened<pull_receiver>(pull_options{.endpoint = endpoint, .connects = true}));
  sender->send("one");
  pull.store().wait_for_rows(1);
  sender.reset();
  sender.emplace();
  sender->socket.bind(endpoint);
  sender->send("two");
  pull.store().wait_for_rows(2);
  CHECK(pull.stop().empty());
  CHECK(pull.store().rows() == texts{"one", "two"});
}

TEST_CASE("of many frames the last is the payload, and too large ones are set aside") {
  running pull(opened<pull_receiver>(pull_options{.endpoint = "tcp://127.0.0.1:*", .message_bytes_max = 8}));
  pusher sender;
  sender.socket.connect(pull.receiver().endpoint());
  sender.send("first", zmq::send_flags::sndmore);
  sender.send("second", zmq::send_flags::sndmore);
  sender.send("third");
  sender.send("123456789");
  sender.send("");
  pull.store().wait_for_rows(2);
  CHECK(pull.stop().empty());
  CHECK(pull.store().rows() == texts{"third", ""});
  CHECK(pull.store().aside() == std::map<std::string, int>{{"message longer than 8 bytes", 1}});
}

TEST_CASE("a full store holds the pusher back and loses nothing of what it sent") {
  running pull(opened<pull_receiver>(pull_options{.endpoint = "tcp://127.0.0.1:*", .queue_messages_max = 10}), 10);
  pusher sender;
  sender.socket.set(zmq::sockopt::sndhwm, 10);
  sender.socket.connect(pull.receiver().endpoint());
  const std::string text(100'000, 'x');
  constexpr std::size_t offered = 10'000;
  std::size_t sent = 0;
  for (int refused = 0; refused < 20 && sent < offered; ++refused) {  // until nothing has gone for a fifth of a second
    if (sender.socket.send(zmq::buffer(text), zmq::send_flags::dontwait)) {
      ++sent;
      refused = -1;
    } else {
      std::this_thread::sleep_for(10ms);
    }
  }
  CHECK(sent < offered / 10);
  std::size_t received = 0;
  while (received < sent) {
    pull.store().wait_for_rows(1);
    for (const auto& row : pull.store().take()) received += row == text ? 1 : 0;
  }
  CHECK(received == sent);
}

TEST_CASE("a subscriber gets payloads of the topics it asked for, also after the publisher was restarted") {
  std::optional<publisher> out = publisher::bind("tcp://127.0.0.1:*").value();
  const std::string endpoint = out->endpoint();
  running sub(opened<sub_receiver>(sub_options{.endpoint = endpoint, .topics = {"high.", "low.a"}}));
  const auto publish = [&](const std::string& prefix) {
    while (out->subscriptions() < 2) std::this_thread::sleep_for(1ms);
    out->publish("high.a", prefix + "1", 1);
    out->publish("low.b", prefix + "2", 2);
    out->publish("low.a", prefix + "3", 3);
  };
  publish("one ");
  sub.store().wait_for_rows(2);
  out.reset();
  out = publisher::bind(endpoint).value();
  publish("two ");
  sub.store().wait_for_rows(4);
  CHECK(sub.stop().empty());
  CHECK(sub.store().rows() == texts{"one 1", "one 3", "two 1", "two 3"});
}

TEST_CASE("topics come with their payloads where they are asked for") {
  running sub(opened<sub_topic_receiver>(sub_options{.endpoint = "tcp://127.0.0.1:*", .binds = true}));
  zmq::context_t context{1};
  zmq::socket_t out{context, zmq::socket_type::xpub};
  out.connect(sub.receiver().endpoint());
  zmq::message_t subscription;
  REQUIRE(out.recv(subscription));
  out.send(zmq::buffer(std::string("topic")), zmq::send_flags::sndmore);
  out.send(zmq::buffer(std::string("payload")), zmq::send_flags::none);
  out.send(zmq::buffer(std::string("alone")), zmq::send_flags::none);
  sub.store().wait_for_rows(2);
  CHECK(sub.stop().empty());
  CHECK(sub.store().rows() == std::vector<std::pair<std::string, std::string>>{{"topic", "payload"}, {"", "alone"}});
  CHECK(sub.store().bytes() == 17);
}

TEST_CASE("a busy endpoint and a malformed one are named, with the reason, by a receiver") {
  const auto first = opened<pull_receiver>(pull_options{.endpoint = "tcp://127.0.0.1:*"});
  const auto busy = pull_receiver::open({.endpoint = first.endpoint()});
  REQUIRE_FALSE(busy);
  CHECK(busy.error().message == first.endpoint() + ": Address already in use");
  const auto malformed = sub_receiver::open({.endpoint = "tcp:/nowhere"});
  REQUIRE_FALSE(malformed);
  CHECK(malformed.error().message == "tcp:/nowhere: Invalid argument");
}

TEST_CASE("a stop ends a receiver that hears nothing and one whose store is full") {
  running idle(opened<sub_receiver>(sub_options{.endpoint = "tcp://127.0.0.1:*", .binds = true}));
  CHECK(idle.stop().empty());
  running full(opened<pull_receiver>(pull_options{.endpoint = "tcp://127.0.0.1:*"}), 1);
  pusher sender;
  sender.socket.connect(full.receiver().endpoint());
  sender.send("one");
  full.store().wait_for_rows(1);
  sender.send("two");
  CHECK(full.stop().empty());
  CHECK(full.store().rows() == texts{"one"});
}
