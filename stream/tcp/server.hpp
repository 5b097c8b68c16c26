#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <stop_token>
#include <string>
#include <string_view>

#include "stream/descriptor.hpp"
#include "stream/dstream/source.hpp"
#include "stream/tcp/framing.hpp"

namespace weir::stream::tcp {

struct server_options {
  std::string address = "127.0.0.1";       // "0.0.0.0" and "::" are all of the machine's
  std::uint16_t port = 0;                  // 0: any that is free
  std::size_t record_bytes_max = 1 << 20;  // without the line's end or the frame's length
  std::size_t connections_max = 1024;      // further ones wait until one has ended
};

/// Takes connections and receives what is sent over them: lines or frames, each whole, those of one connection in
/// order. A `receiver`; all connections in one thread. While the store is full none is read: TCP then holds the senders
/// back. Between reads it holds the bytes of one unfinished record per connection, and those of a put, 1 MiB or so.
///
/// Nothing is acknowledged over TCP: what a sender's system has taken and this side has not yet put is lost when either
/// goes down.
///
/// The rows look at memory of their batch. A line that is too long is set aside, and the next one is a row again; a
/// frame that is too long is set aside, and its connection closed, for nothing tells where the next one begins. What a
/// broken connection cut off is set aside, and so is, with its reason, a connection that could not be taken.
template <class Framing>
class server {
 public:
  using row = std::string_view;

  /// Listens from now on; connections are taken once `receive` runs. The error names the address and the port:
  /// "127.0.0.1:7000: Address already in use".
  static std::expected<server, io_error> listen(server_options options);

  /// The port that it listens on.
  std::uint16_t port() const;

  /// Receives until `stop`, which is seen in a twentieth of a second, then closes the connections. The error, of the
  /// system, names the address and the port.
  std::expected<void, io_error> receive(receiver_store<row>& into, std::stop_token stop);

 private:
  server(server_options options, descriptor listening);

  server_options options_;
  descriptor listening_;
};

using line_server = server<text_lines>;
using frame_server = server<length_prefixed>;

extern template class server<text_lines>;
extern template class server<length_prefixed>;

}  // namespace weir::stream::tcp
