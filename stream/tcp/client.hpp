#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <stop_token>
#include <string>
#include <string_view>

#include "stream/dstream/source.hpp"
#include "stream/tcp/framing.hpp"

namespace weir::stream::tcp {

struct client_options {
  std::string host;  // a name, or an address of IPv4 or IPv6
  std::uint16_t port = 0;
  std::size_t record_bytes_max = 1 << 20;            // without the line's end or the frame's length
  std::chrono::milliseconds connect_ms_max{10'000};  // for each address of the host
};

/// Connects to a server and receives what it sends: lines or frames, put as they arrive, many at once. A `receiver`;
/// one thread. It tells the store that it is connected when the first bytes have come.
///
/// Nothing is acknowledged over TCP: what the sender's system has taken and this side has not yet put is lost when
/// either goes down.
///
/// The rows look at memory of their batch. A line that is too long is set aside, and the next one is a row again; a
/// frame that is too long is set aside, and ends the connection, for nothing tells where the next one begins. What a
/// broken connection cut off is set aside.
template <class Framing>
class client {
 public:
  using row = std::string_view;

  explicit client(client_options options);

  /// Receives until `stop`, which is seen in a twentieth of a second (later only while a name is looked up). The error,
  /// also that of a server that ends the connection, names the endpoint: "localhost:7000: closed by the other side".
  std::expected<void, io_error> receive(receiver_store<row>& into, std::stop_token stop);

 private:
  client_options options_;
};

using line_client = client<text_lines>;
using frame_client = client<length_prefixed>;

extern template class client<text_lines>;
extern template class client<length_prefixed>;

}  // namespace weir::stream::tcp
