#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "stream/descriptor.hpp"

namespace weir::testing {

/// The other side of a receiver: a blocking socket on 127.0.0.1, or [::1]. What fails throws.
class plain_socket {
 public:
  static plain_socket connect(std::uint16_t port);
  static plain_socket listen(std::uint16_t port = 0, bool ipv6 = false);

  std::uint16_t port() const;
  plain_socket accept() const;
  /// Writes all, and so waits while the other side reads nothing.
  void send(std::string_view bytes) const;
  /// Writes what goes without a wait, and says how much that was.
  std::size_t send_some(std::string_view bytes) const;
  /// Ends the connection out of order: what the other side has not read is lost to it.
  void reset();
  void close() { socket_ = {}; }

 private:
  explicit plain_socket(int number);

  stream::descriptor socket_;
};

}  // namespace weir::testing
