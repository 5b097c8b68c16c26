#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <stop_token>
#include <string>

#include "stream/descriptor.hpp"
#include "stream/source.hpp"

namespace weir::stream::tcp {

/// How long a wait for the network goes on without a look at the stop token.
inline constexpr std::chrono::milliseconds wait_ms_max{50};

/// A host, by name or by address (IPv4, IPv6), and its port.
struct endpoint {
  std::string host;
  std::uint16_t port = 0;

  /// "example.org:7000", "[::1]:7000".
  std::string text() const;
  std::unexpected<io_error> failed(const std::string& why) const;
};

/// A connection to the first address of the host that takes one; empty when `stop` came first. Only the look-up of a
/// name goes on in spite of it. The error names the endpoint: "localhost:7000: Connection refused".
std::expected<descriptor, io_error> connect_to(const endpoint& peer, std::chrono::milliseconds at_most,
                                               const std::stop_token& stop);

/// A socket that listens; port 0 is any that is free. The error names the endpoint.
std::expected<descriptor, io_error> listen_at(const endpoint& local);
/// The port that a listening socket has.
std::uint16_t port_of(const descriptor& listening);

/// What one read of a connection gave, without waiting. No bytes, not closed, and no error: nothing is there.
struct socket_read {
  std::size_t bytes = 0;
  bool closed = false;  // by the other side, in order
  int error = 0;
};
socket_read read_socket(const descriptor& connection, std::span<char> into);

/// Waits for bytes, or a failure, no longer than `wait_ms_max`; false: neither came.
bool wait_readable(const descriptor& connection);

/// Has the system tell a peer that is gone without a word from one that is silent, in two minutes.
void probe_when_silent(const descriptor& connection);

}  // namespace weir::stream::tcp
