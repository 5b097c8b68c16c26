#include "stream/tcp/server.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>
#include <system_error>
#include <unordered_map>
#include <utility>

#include "stream/tcp/record_cutter.hpp"
#include "stream/tcp/socket.hpp"

namespace weir::stream::tcp {

namespace {

constexpr std::size_t read_bytes_max = 64 << 10;  // of a connection, before the next one has its turn
constexpr std::size_t put_bytes_min = 1 << 20;    // that are put before the others have had theirs
constexpr std::size_t ready_max = 256;

std::string error_text(int number) { return std::generic_category().message(number); }

template <class Framing>
struct connection {
  descriptor socket;
  record_cutter<Framing> cutter;
};

/// One run of a server: its connections, and which of them have something to read.
template <class Framing>
class session {
 public:
  session(const descriptor& listening, const server_options& options, receiver_store<std::string_view>& store)
      : listening_(listening), options_(options), store_(store), bytes_(read_bytes_max, '\0') {}

  /// 0, or the error.
  int run(const std::stop_token& stop) {
    if (!watched_ || !watch(listening_)) return errno;
    while (!stop.stop_requested()) {
      const auto ready = wait();
      if (!ready) return ready.error();
      if (!read_all(*ready) || !gathered_.put_into(store_)) return 0;
      // Not at once where the system had no room for one: it would say so again and again.
      if (!accepting_ && (ended_ || ready->empty())) accepting_ = watch(listening_);
    }
    return 0;
  }

 private:
  std::expected<std::span<const epoll_event>, int> wait() {
    const int count = ::epoll_wait(*watched_, ready_.data(), ready_.size(), static_cast<int>(wait_ms_max.count()));
    if (count < 0 && errno != EINTR) return std::unexpected(errno);
    return std::span{ready_}.first(static_cast<std::size_t>(std::max(count, 0)));
  }

  bool watch(const descriptor& socket) {
    epoll_event wanted{.events = EPOLLIN, .data = {.fd = *socket}};
    return ::epoll_ctl(*watched_, EPOLL_CTL_ADD, *socket, &wanted) == 0;
  }

  /// One read of each; false: the stream stops.
  bool read_all(std::span<const epoll_event> ready) {
    ended_ = false;
    for (const epoll_event& event : ready) {
      if (event.data.fd == *listening_) {
        accept_all();
      } else if (const auto found = connections_.find(event.data.fd); !read(found->second)) {
        connections_.erase(found);  // which closes the socket, and so ends the watch
        ended_ = true;
      }
      if (gathered_.rows.bytes() >= put_bytes_min && !gathered_.put_into(store_)) return false;
    }
    return true;
  }

  /// False: the connection is over.
  bool read(connection<Framing>& from) {
    const socket_read read = read_socket(from.socket, bytes_);
    if (!from.cutter.take(std::string_view{bytes_}.substr(0, read.bytes), gathered_)) return false;
    const bool over = read.closed || read.error != 0;
    if (over) from.cutter.finish(read.closed, gathered_);
    return !over;
  }

  void accept_all() {
    while (connections_.size() < options_.connections_max) {
      descriptor socket{::accept4(*listening_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)};
      if (!socket && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
      if (!socket && (errno == EINTR || errno == ECONNABORTED)) continue;
      if (!socket || !watch(socket)) {
        gathered_.aside.push_back("a connection was not taken: " + error_text(errno));
        break;
      }
      probe_when_silent(socket);
      const int number = *socket;
      record_cutter<Framing> cutter(options_.record_bytes_max);
      connections_.emplace(number, connection<Framing>{std::move(socket), std::move(cutter)});
    }
    // Those that wait would be told again and again: nobody looks until there is room.
    accepting_ = ::epoll_ctl(*watched_, EPOLL_CTL_DEL, *listening_, nullptr) != 0;
  }

  const descriptor& listening_;
  const server_options& options_;
  receiver_store<std::string_view>& store_;
  descriptor watched_{::epoll_create1(EPOLL_CLOEXEC)};
  std::array<epoll_event, ready_max> ready_{};
  std::string bytes_;  // read into, then copied by what is kept: mostly little
  std::unordered_map<int, connection<Framing>> connections_;
  gathered_records gathered_;
  bool accepting_ = true;
  bool ended_ = false;  // a connection, in this round
};

}  // namespace

template <class Framing>
server<Framing>::server(server_options options, descriptor listening)
    : options_(std::move(options)), listening_(std::move(listening)) {}

template <class Framing>
std::expected<server<Framing>, io_error> server<Framing>::listen(server_options options) {
  auto listening = listen_at({options.address, options.port});
  if (!listening) return std::unexpected(listening.error());
  options.port = port_of(*listening);
  return server(std::move(options), std::move(*listening));
}

template <class Framing>
std::uint16_t server<Framing>::port() const {
  return options_.port;
}

template <class Framing>
std::expected<void, io_error> server<Framing>::receive(receiver_store<row>& into, std::stop_token stop) {
  into.connected();
  const int error = session<Framing>(listening_, options_, into).run(stop);
  if (error != 0) return endpoint{options_.address, options_.port}.failed(error_text(error));
  return {};
}

template class server<text_lines>;
template class server<length_prefixed>;

}  // namespace weir::stream::tcp
