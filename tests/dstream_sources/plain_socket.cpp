#include "plain_socket.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <system_error>

namespace weir::testing {

namespace {

void check(bool good) {
  if (!good) throw std::system_error(errno, std::generic_category());
}

sockaddr_in local(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

sockaddr_in6 local_ipv6(std::uint16_t port) {
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(port);
  address.sin6_addr = in6addr_loopback;
  return address;
}

}  // namespace

plain_socket::plain_socket(int number) : socket_(number) { check(number >= 0); }

plain_socket plain_socket::connect(std::uint16_t port) {
  plain_socket made(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int at_once = 1;  // every write a segment, if the other side is quick
  ::setsockopt(*made.socket_, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
  const sockaddr_in address = local(port);
  check(::connect(*made.socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  return made;
}

plain_socket plain_socket::listen(std::uint16_t port, bool ipv6) {
  plain_socket made(::socket(ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int again = 1;
  ::setsockopt(*made.socket_, SOL_SOCKET, SO_REUSEADDR, &again, sizeof again);
  const sockaddr_in ipv4_address = local(port);
  const sockaddr_in6 ipv6_address = local_ipv6(port);
  const auto* address =
      ipv6 ? reinterpret_cast<const sockaddr*>(&ipv6_address) : reinterpret_cast<const sockaddr*>(&ipv4_address);
  check(::bind(*made.socket_, address, ipv6 ? sizeof ipv6_address : sizeof ipv4_address) == 0);
  check(::listen(*made.socket_, 16) == 0);
  return made;
}

std::uint16_t plain_socket::port() const {
  sockaddr_in6 address{};  // the port stands at the same place in both
  socklen_t size = sizeof address;
  check(::getsockname(*socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  return ntohs(address.sin6_port);
}

plain_socket plain_socket::accept() const { return plain_socket(::accept4(*socket_, nullptr, nullptr, SOCK_CLOEXEC)); }

void plain_socket::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(*socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    check(sent >= 0);
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::size_t plain_socket::send_some(std::string_view bytes) const {
  const ssize_t sent = ::send(*socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  check(sent >= 0 || errno == EAGAIN);
  return sent < 0 ? 0 : static_cast<std::size_t>(sent);
}

void plain_socket::reset() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(*socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close();
}

}  // namespace weir::testing
