#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <future>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "naive_records.hpp"
#include "plain_socket.hpp"
#include "running.hpp"
#include "stream/tcp/client.hpp"
#include "stream/tcp/server.hpp"
#include "tests/support/collecting_store.hpp"

using namespace weir::stream;
using namespace weir::testing;
using namespace std::chrono_literals;

static_assert(receiver<tcp::line_client>);
static_assert(receiver<tcp::frame_client>);
static_assert(receiver<tcp::line_server>);
static_assert(receiver<tcp::frame_server>);

namespace {

using texts = std::vector<std::string>;
using reasons = std::map<std::string, int>;

template <class Server = tcp::line_server>
Server listening(tcp::server_options options = {}) {
  auto made = Server::listen(std::move(options));
  REQUIRE(made);
  return std::move(*made);
}

texts sorted(texts of) {
  std::ranges::sort(of);
  return of;
}

std::string at(std::uint16_t port) { return "127.0.0.1:" + std::to_string(port); }

}  // namespace

TEST_CASE("a client gives the lines of a server, the last one without an end too, and says who closed") {
  const auto server = plain_socket::listen();
  running client(tcp::line_client({.host = "127.0.0.1", .port = server.port()}));
  auto connection = server.accept();
  connection.send("one\r\ntwo\n\nthr");
  client.store().wait_for_rows(3);
  connection.send("ee\nfour");
  connection.close();
  CHECK(client.end() == at(server.port()) + ": closed by the other side");
  CHECK(client.store().rows() == texts{"one", "two", "", "three", "four"});
  CHECK(client.store().bytes() == 20);
  CHECK(client.store().connections() == 1);
  CHECK(client.store().aside().empty());
}

TEST_CASE("a client that is called again connects again") {
  const auto server = plain_socket::listen();
  collecting_store<std::string_view> store;
  tcp::line_client client({.host = "localhost", .port = server.port()});
  for (const char* text : {"one\n", "two\n"}) {
    auto sent = std::async(std::launch::async, [&] { server.accept().send(text); });
    const auto ended = client.receive(store, {});
    REQUIRE_FALSE(ended);
    CHECK(ended.error().message == "localhost:" + std::to_string(server.port()) + ": closed by the other side");
  }
  CHECK(store.rows() == texts{"one", "two"});
  CHECK(store.connections() == 2);
}

TEST_CASE("a client reaches an IPv6 address") {
  const auto server = plain_socket::listen(0, true);
  running client(tcp::line_client({.host = "::1", .port = server.port()}));
  server.accept().send("one\n");
  CHECK(client.end() == "[::1]:" + std::to_string(server.port()) + ": closed by the other side");
  CHECK(client.store().rows() == texts{"one"});
}

TEST_CASE("a client that finds nobody names the endpoint and the reason") {
  std::uint16_t free_port = 0;
  {
    const auto server = plain_socket::listen();
    free_port = server.port();
  }
  collecting_store<std::string_view> store;
  const auto refused = tcp::line_client({.host = "127.0.0.1", .port = free_port}).receive(store, {});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message == at(free_port) + ": Connection refused");
  const auto unknown = tcp::line_client({.host = "no host", .port = 1}).receive(store, {});
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().message == "no host:1: Name or service not known");
  CHECK(store.connections() == 0);
}

TEST_CASE("a line that is too long is set aside and the next one is a row") {
  const auto server = plain_socket::listen();
  running client(tcp::line_client({.host = "127.0.0.1", .port = server.port(), .record_bytes_max = 8}));
  const auto connection = server.accept();
  connection.send("12345678\r\n123456789\n12345678\nxxxxxxxxxxxxxxxxxxxx");
  client.store().wait([](const auto& store) { return store.aside().contains("line longer than 8 bytes"); });
  connection.send("xxxxxxxx\nshort\n");
  client.store().wait_for_rows(3);
  CHECK(client.stop().empty());
  CHECK(client.store().rows() == texts{"12345678", "12345678", "short"});
  CHECK(client.store().aside() == reasons{{"line longer than 8 bytes", 2}});
}

TEST_CASE("what a broken connection cut off is no row") {
  running server(listening());
  auto connection = plain_socket::connect(server.receiver().port());
  connection.send("one\ntw");
  server.store().wait_for_rows(1);
  connection.reset();
  server.store().wait([](const auto& store) { return !store.aside().empty(); });
  CHECK(server.stop().empty());
  CHECK(server.store().rows() == texts{"one"});
  CHECK(server.store().aside() == reasons{{"line cut off by the end of its connection", 1}});
}

TEST_CASE("frames come as they were sent, empty ones and those with line ends too") {
  const auto server = plain_socket::listen();
  running client(tcp::frame_client({.host = "127.0.0.1", .port = server.port()}));
  const std::string large(300'000, 'x');
  server.accept().send(framed("one") + framed("") + framed("a\nb") + framed(large) + std::string(3, '\0'));
  CHECK(client.end() == at(server.port()) + ": closed by the other side");
  CHECK(client.store().rows() == texts{"one", "", "a\nb", large});
  CHECK(client.store().aside() == reasons{{"frame cut off by the end of its connection", 1}});
}

TEST_CASE("a frame that is too long ends its connection, and no other") {
  running server(listening<tcp::frame_server>({.record_bytes_max = 100}));
  const auto good = plain_socket::connect(server.receiver().port());
  const auto bad = plain_socket::connect(server.receiver().port());
  bad.send(framed("before") + framed(std::string(101, 'x')) + framed("behind"));
  server.store().wait([](const auto& store) { return !store.aside().empty(); });
  good.send(framed(std::string(100, 'y')));
  server.store().wait_for_rows(2);
  CHECK(server.stop().empty());
  CHECK(server.store().rows() == texts{"before", std::string(100, 'y')});
  CHECK(server.store().aside() == reasons{{"frame longer than 100 bytes", 1}});

  const auto sender = plain_socket::listen();
  running client(tcp::frame_client({.host = "127.0.0.1", .port = sender.port(), .record_bytes_max = 100}));
  const auto connection = sender.accept();
  connection.send(framed("before") + "\xff\xff\xff\xff");
  CHECK(client.end() == at(sender.port()) + ": frame longer than 100 bytes");
  CHECK(client.store().rows() == texts{"before"});
  CHECK(client.store().aside() == reasons{{"frame longer than 100 bytes", 1}});
}

TEST_CASE("a busy port and an address that is not of this machine are named with the reason") {
  const auto first = listening();
  const auto busy = tcp::line_server::listen({.port = first.port()});
  REQUIRE_FALSE(busy);
  CHECK(busy.error().message == at(first.port()) + ": Address already in use");
  const auto foreign = tcp::line_server::listen({.address = "192.0.2.1"});
  REQUIRE_FALSE(foreign);
  CHECK(foreign.error().message == "192.0.2.1:0: Cannot assign requested address");
}

TEST_CASE("lines of two hundred connections stay whole and in order") {
  constexpr int senders = 200;
  constexpr int lines = 60;
  running server(listening());
  std::vector<plain_socket> connections;
  for (int i = 0; i < senders; ++i) connections.push_back(plain_socket::connect(server.receiver().port()));
  texts sent;  // of each, cut at any place
  for (int i = 0; i < senders; ++i) {
    std::string& text = sent.emplace_back();
    for (int n = 0; n < lines; ++n) text += std::to_string(i) + ' ' + std::to_string(n) + '\n';
  }
  for (std::size_t at = 0, step = 1; at < lines * 8; at += step, step = step % 7 + 1) {
    for (int i = 0; i < senders; ++i) {
      if (at < sent[i].size()) connections[i].send(std::string_view{sent[i]}.substr(at, step));
    }
  }
  server.store().wait_for_rows(senders * lines);
  CHECK(server.stop().empty());
  texts received(senders);
  for (const auto& row : server.store().rows()) received.at(std::stoul(row)) += row + '\n';
  CHECK(received == sent);
}

TEST_CASE("connections beyond the limit wait until one has ended, and nothing of them is lost") {
  running server(listening({.connections_max = 2}));
  std::vector<plain_socket> connections;
  for (int i = 0; i < 5; ++i) {
    connections.push_back(plain_socket::connect(server.receiver().port()));
    connections.back().send(std::to_string(i) + '\n');
  }
  server.store().wait_for_rows(2);
  std::this_thread::sleep_for(150ms);  // rounds enough to take a third one, were it taken
  CHECK(sorted(server.store().take()) == texts{"0", "1"});
  for (auto& connection : connections) connection.close();
  server.store().wait_for_rows(3);
  CHECK(server.stop().empty());
  CHECK(sorted(server.store().rows()) == texts{"2", "3", "4"});
}

TEST_CASE("a full store holds the sender back and loses nothing") {
  running server(listening(), 100);
  const auto sender = plain_socket::connect(server.receiver().port());
  const std::string line = std::string(9'999, 'x') + '\n';
  constexpr std::size_t offered = 1 << 30;
  std::size_t sent = 0;
  for (int refused = 0; refused < 20 && sent < offered; ++refused) {  // until nothing has gone for a fifth of a second
    const std::size_t gone = sender.send_some(std::string_view{line}.substr(sent % line.size()));
    sent += gone;
    if (gone != 0) refused = -1;
    if (gone == 0) std::this_thread::sleep_for(10ms);
  }
  // What the system's buffers take, and a put or two: far below what was offered.
  REQUIRE(sent < 64 << 20);
  auto rest = std::async(std::launch::async, [&] { sender.send(std::string_view{line}.substr(sent % line.size())); });
  texts received;
  while (received.size() < sent / line.size() + 1) {
    server.store().wait_for_rows(1);
    for (auto& row : server.store().take()) received.push_back(std::move(row));
  }
  CHECK(received == texts(received.size(), line.substr(0, line.size() - 1)));
  CHECK(received.size() == sent / line.size() + 1);
}

TEST_CASE("a stop ends a client that hears nothing, a server, and one whose store is full") {
  const auto silent = plain_socket::listen();
  running client(tcp::line_client({.host = "127.0.0.1", .port = silent.port()}));
  const auto connection = silent.accept();
  CHECK(client.stop().empty());

  running idle(listening());
  CHECK(idle.stop().empty());

  running full(listening(), 1);
  const auto sender = plain_socket::connect(full.receiver().port());
  sender.send("one\n");
  full.store().wait_for_rows(1);
  sender.send("two\n");
  CHECK(full.stop().empty());
  CHECK(full.store().rows() == texts{"one"});
}
