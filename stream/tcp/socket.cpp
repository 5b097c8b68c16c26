#include "stream/tcp/socket.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <system_error>

namespace weir::stream::tcp {

namespace {

using clock = std::chrono::steady_clock;
using address_list = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

constexpr int waiting_connections_max = 1024;  // the system's own limit may be lower

std::string error_text(int number) { return std::generic_category().message(number); }

void set_option(const descriptor& socket, int level, int option, int value) {
  ::setsockopt(*socket, level, option, &value, sizeof value);
}

std::expected<address_list, io_error> resolve(const endpoint& of, int flags) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* found = nullptr;
  const char* host = of.host.empty() ? nullptr : of.host.c_str();
  const int failure = ::getaddrinfo(host, std::to_string(of.port).c_str(), &hints, &found);
  if (failure == EAI_SYSTEM) return of.failed(error_text(errno));
  if (failure != 0) return of.failed(::gai_strerror(failure));
  return address_list{found, &::freeaddrinfo};
}

descriptor open_socket(const addrinfo& address) {
  return descriptor{
      ::socket(address.ai_family, address.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, address.ai_protocol)};
}

/// Waits until a connection that was begun stands or has failed: 0 or the error; EINPROGRESS when `stop` came first.
int wait_connected(const descriptor& socket, clock::time_point give_up, const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    pollfd waited{.fd = *socket, .events = POLLOUT, .revents = 0};
    if (::poll(&waited, 1, static_cast<int>(wait_ms_max.count())) > 0) {
      int error = 0;
      socklen_t size = sizeof error;
      return ::getsockopt(*socket, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
    }
    if (clock::now() >= give_up) return ETIMEDOUT;
  }
  return EINPROGRESS;
}

int connect_one(const descriptor& socket, const addrinfo& address, clock::time_point give_up,
                const std::stop_token& stop) {
  if (!socket) return errno;
  if (::connect(*socket, address.ai_addr, address.ai_addrlen) == 0) return 0;
  return errno == EINPROGRESS || errno == EINTR ? wait_connected(socket, give_up, stop) : errno;
}

int listen_one(const descriptor& socket, const addrinfo& address) {
  if (!socket) return errno;
  set_option(socket, SOL_SOCKET, SO_REUSEADDR, 1);
  const bool listens =
      ::bind(*socket, address.ai_addr, address.ai_addrlen) == 0 && ::listen(*socket, waiting_connections_max) == 0;
  return listens ? 0 : errno;
}

}  // namespace

std::string endpoint::text() const {
  const bool bare_ipv6 = host.contains(':');
  return (bare_ipv6 ? '[' + host + ']' : host) + ':' + std::to_string(port);
}

std::unexpected<io_error> endpoint::failed(const std::string& why) const {
  return std::unexpected(io_error{text() + ": " + why});
}

std::expected<descriptor, io_error> connect_to(const endpoint& peer, std::chrono::milliseconds at_most,
                                               const std::stop_token& stop) {
  const auto addresses = resolve(peer, 0);
  if (!addresses) return std::unexpected(addresses.error());
  int error = 0;
  for (const addrinfo* address = addresses->get(); address != nullptr; address = address->ai_next) {
    descriptor socket = open_socket(*address);
    error = connect_one(socket, *address, clock::now() + at_most, stop);
    if (error == 0) return socket;
    if (stop.stop_requested()) return descriptor{};
  }
  return peer.failed(error_text(error));
}

std::expected<descriptor, io_error> listen_at(const endpoint& local) {
  const auto addresses = resolve(local, AI_PASSIVE);
  if (!addresses) return std::unexpected(addresses.error());
  int error = 0;
  for (const addrinfo* address = addresses->get(); address != nullptr; address = address->ai_next) {
    descriptor socket = open_socket(*address);
    error = listen_one(socket, *address);
    if (error == 0) return socket;
  }
  return local.failed(error_text(error));
}

std::uint16_t port_of(const descriptor& listening) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  if (::getsockname(*listening, reinterpret_cast<sockaddr*>(&bound), &size) != 0) return 0;
  if (bound.ss_family == AF_INET6) return ntohs(reinterpret_cast<const sockaddr_in6&>(bound).sin6_port);
  return ntohs(reinterpret_cast<const sockaddr_in&>(bound).sin_port);
}

socket_read read_socket(const descriptor& connection, std::span<char> into) {
  const ssize_t count = ::recv(*connection, into.data(), into.size(), 0);
  if (count > 0) return {.bytes = static_cast<std::size_t>(count)};
  if (count == 0) return {.closed = true};
  const bool nothing_yet = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
  return {.error = nothing_yet ? 0 : errno};
}

bool wait_readable(const descriptor& connection) {
  pollfd waited{.fd = *connection, .events = POLLIN, .revents = 0};
  return ::poll(&waited, 1, static_cast<int>(wait_ms_max.count())) > 0;
}

void probe_when_silent(const descriptor& connection) {
  constexpr int silent_seconds = 60;
  constexpr int probe_seconds = 10;
  constexpr int probes = 6;
  set_option(connection, SOL_SOCKET, SO_KEEPALIVE, 1);
  set_option(connection, IPPROTO_TCP, TCP_KEEPIDLE, silent_seconds);
  set_option(connection, IPPROTO_TCP, TCP_KEEPINTVL, probe_seconds);
  set_option(connection, IPPROTO_TCP, TCP_KEEPCNT, probes);
}

}  // namespace weir::stream::tcp
