#include "stream/tcp/client.hpp"

#include <system_error>
#include <utility>

#include "stream/tcp/record_cutter.hpp"
#include "stream/tcp/socket.hpp"

namespace weir::stream::tcp {

namespace {

constexpr std::size_t read_bytes_max = 256 << 10;

/// Why a connection is over, once it is.
template <class Framing>
std::string end_of(const socket_read& read, bool followed, const record_cutter<Framing>& cutter) {
  if (!followed) return cutter.too_long_reason();
  if (read.closed) return "closed by the other side";
  return read.error == 0 ? "" : std::generic_category().message(read.error);
}

}  // namespace

template <class Framing>
client<Framing>::client(client_options options) : options_(std::move(options)) {}

template <class Framing>
std::expected<void, io_error> client<Framing>::receive(receiver_store<row>& into, std::stop_token stop) {
  const endpoint server{options_.host, options_.port};
  const auto connection = connect_to(server, options_.connect_ms_max, stop);
  if (!connection) return std::unexpected(connection.error());
  if (!*connection) return {};
  probe_when_silent(*connection);
  record_cutter<Framing> cutter(options_.record_bytes_max);
  gathered_records gathered;
  std::string bytes(read_bytes_max, '\0');
  for (bool heard = false; !stop.stop_requested();) {
    if (!wait_readable(*connection)) continue;
    const socket_read read = read_socket(*connection, bytes);
    if (read.bytes > 0 && !std::exchange(heard, true)) into.connected();
    const bool followed = cutter.take(std::string_view{bytes}.substr(0, read.bytes), gathered);
    const std::string over = end_of(read, followed, cutter);
    if (followed && !over.empty()) cutter.finish(read.closed, gathered);
    if (!gathered.put_into(into)) return {};
    if (!over.empty()) return server.failed(over);
  }
  return {};
}

template class client<text_lines>;
template class client<length_prefixed>;

}  // namespace weir::stream::tcp
