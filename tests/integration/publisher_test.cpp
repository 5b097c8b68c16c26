#include "stream/zmq/publisher.hpp"

#include <unistd.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "stream/zmq/subscriber.hpp"

namespace {

using namespace std::chrono_literals;
using weir::stream::gap_detector;
using weir::stream::publisher;
using weir::stream::publisher_options;
using weir::stream::received_message;
using weir::stream::subscriber;

publisher bound(const publisher_options& options = {}) {
  auto made = publisher::bind("tcp://127.0.0.1:*", options);
  REQUIRE(made);
  return std::move(*made);
}

subscriber connected(const publisher& to) {
  auto made = subscriber::connect(to.endpoint());
  REQUIRE(made);
  return std::move(*made);
}

std::string payload(std::uint64_t seq) { return fmt::format(R"({{"id":"x","seq":{}}})", seq); }

/// The next message that is not a heartbeat, or the next at all.
std::optional<received_message> next(subscriber& from, bool heartbeats = false) {
  const auto give_up = std::chrono::steady_clock::now() + 5s;
  while (std::chrono::steady_clock::now() < give_up) {
    auto message = from.receive(100ms);
    REQUIRE(message);
    if (*message && (heartbeats || !(*message)->heartbeat)) return *message;
  }
  return {};
}

}  // namespace

TEST_CASE("what is published once a subscriber was waited for arrives in order") {
  auto out = bound();
  auto in = connected(out);
  REQUIRE(out.wait_for_subscriber(5s));
  CHECK(out.subscriptions() == 1);
  for (std::uint64_t seq = 1; seq <= 1000; ++seq) out.publish("high.rule", payload(seq), seq);
  for (std::uint64_t seq = 1; seq <= 1000; ++seq) {
    const auto message = next(in);
    REQUIRE(message);
    CHECK(message->topic == "high.rule");
    CHECK(message->payload == payload(seq));
    CHECK(message->seq == seq);
    CHECK(message->missed == 0);
  }
  CHECK(out.overflows() == 0);
}

TEST_CASE("nobody subscribes: the wait ends in time") {
  auto out = bound();
  CHECK_FALSE(out.wait_for_subscriber(50ms));
}

TEST_CASE("a heartbeat comes while nothing is published, with the last number") {
  auto out = bound({.heartbeat_interval = 20ms});
  auto in = connected(out);
  REQUIRE(out.wait_for_subscriber(5s));
  out.publish("low.rule", payload(41), 41);
  out.publish("shadow.low.other", payload(7), std::nullopt);
  REQUIRE(next(in)->seq == 41);
  REQUIRE(next(in)->seq == 7);
  for (int i = 0; i < 5; ++i) {
    const auto message = next(in, true);
    REQUIRE(message);
    CHECK(message->heartbeat);
    CHECK(message->payload == R"({"seq":41})");
    CHECK(message->missed == 0);
  }
}

TEST_CASE("the last alerts leave before a publisher goes, and a last heartbeat counts them") {
  std::optional<publisher> out = bound({.heartbeat_interval = 1h});
  auto in = connected(*out);
  REQUIRE(out->wait_for_subscriber(5s));
  for (std::uint64_t seq = 1; seq <= 500; ++seq) out->publish("high.rule", payload(seq), seq);
  out.reset();
  for (std::uint64_t seq = 1; seq <= 500; ++seq) REQUIRE(next(in)->seq == seq);
  CHECK(next(in, true)->payload == R"({"seq":500})");
}

TEST_CASE("a subscriber that is too slow misses alerts and learns how many, the publisher does not wait for it") {
  auto out = bound({.queue_messages_max = 10, .heartbeat_interval = 20ms});
  auto in = connected(out);
  REQUIRE(out.wait_for_subscriber(5s));
  const std::string filler(100'000, ' ');
  constexpr std::uint64_t sent = 2000;  // 200 MB: more than the system's own buffers take
  for (std::uint64_t seq = 1; seq <= sent; ++seq) out.publish("high.rule", payload(seq) + filler, seq);
  CHECK(out.overflows() >= 1);
  std::uint64_t received = 0;
  std::uint64_t missed = 0;
  while (received + missed < sent) {
    const auto message = next(in, true);
    REQUIRE(message);
    received += message->heartbeat ? 0 : 1;
    missed += message->missed;
  }
  CHECK(missed > 0);
  CHECK(received + missed == sent);
}

TEST_CASE("a busy endpoint and a malformed one are named with the reason") {
  const auto out = bound();
  const auto busy = publisher::bind(out.endpoint());
  REQUIRE_FALSE(busy);
  CHECK(busy.error().message == out.endpoint() + ": Address already in use");
  const auto malformed = publisher::bind("tcp:/nowhere");
  REQUIRE_FALSE(malformed);
  CHECK(malformed.error().message == "tcp:/nowhere: Invalid argument");
  const auto unknown = subscriber::connect("carrier://pigeon");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().message == "carrier://pigeon: Protocol not supported");
}

TEST_CASE("a subscriber may come before its publisher") {
  const auto endpoint = fmt::format("ipc:///tmp/weir_publisher_test_{}", ::getpid());
  auto in = subscriber::connect(endpoint);
  REQUIRE(in);
  const auto nothing = in->receive(20ms);
  REQUIRE(nothing);
  CHECK_FALSE(*nothing);
  auto out = publisher::bind(endpoint);
  REQUIRE(out);
  REQUIRE(out->wait_for_subscriber(5s));
  out->publish("high.rule", payload(1), 1);
  CHECK(next(*in)->seq == 1);
}

TEST_CASE("gaps are counted from the first message seen") {
  gap_detector gaps;
  CHECK(gaps.alert(5).missed == 0);
  CHECK(gaps.alert(6).missed == 0);
  CHECK(gaps.alert(9).missed == 2);
  CHECK(gaps.heartbeat(9).missed == 0);
  CHECK(gaps.heartbeat(12).missed == 3);
  CHECK(gaps.alert(13).missed == 0);
}

TEST_CASE("a heartbeat before the first alert tells where the numbers stand") {
  gap_detector gaps;
  CHECK(gaps.heartbeat(0).missed == 0);
  CHECK(gaps.alert(3).missed == 2);
}

TEST_CASE("numbers that fall back are another run") {
  gap_detector gaps;
  gaps.alert(100);
  CHECK(gaps.heartbeat(0).new_run);
  const auto first = gaps.alert(1);
  CHECK_FALSE(first.new_run);
  CHECK(first.missed == 0);
  gaps.alert(2);
  const auto late = gaps.alert(2);
  CHECK(late.new_run);
  CHECK(late.missed == 1);
}
