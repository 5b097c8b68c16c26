#include "apps/weir/lsp.hpp"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <span>

#include <fmt/format.h>

#include "apps/weir/lsp/framing.hpp"
#include "apps/weir/lsp/server.hpp"

namespace weir::app {

namespace {

[[noreturn]] void fail(std::string_view what) {
  throw failure(exit_code::io, fmt::format("{}: {}", what, std::strerror(errno)));
}

/// Waits for input if there is nothing else to do; false where there is none now.
bool has_input(bool wait) {
  pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
  const int ready = ::poll(&input, 1, wait ? -1 : 0);
  if (ready < 0 && errno != EINTR) fail("standard input");
  return ready > 0;
}

/// Empty at the end of the input.
std::string_view read_some(std::span<char> room) {
  while (true) {
    const auto count = ::read(STDIN_FILENO, room.data(), room.size());
    if (count >= 0) return {room.data(), static_cast<std::size_t>(count)};
    if (errno != EINTR) fail("standard input");
  }
}

void write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (count < 0 && errno != EINTR) fail("standard output");
    if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void write(const std::vector<lsp::json>& messages) {
  for (const auto& message : messages) write(lsp::framed(lsp::written(message)));
}

void take_all(lsp::message_reader& reader, lsp::server& server) {
  while (!server.has_ended()) {
    const auto message = reader.next();
    if (!message) return;
    write(*message ? server.take(**message) : std::vector{lsp::server::refuse(message->error())});
  }
}

/// Messages first: while an editor writes, only the text it has come to is checked.
exit_code serve() {
  lsp::message_reader reader;
  lsp::server server;
  std::array<char, 65536> room{};
  while (!server.has_ended()) {
    if (!has_input(!server.wants_check())) {
      if (server.wants_check()) write(server.check());
      continue;
    }
    const auto bytes = read_some(room);
    if (bytes.empty()) break;
    reader.feed(bytes);
    take_all(reader, server);
  }
  // As the protocol has it: 1 for an editor that went without a word.
  return server.was_shut_down() ? exit_code::done : exit_code::findings;
}

}  // namespace

void add_lsp(CLI::App& app, exit_code& result) {
  auto* verb = app.add_subcommand("lsp", "Serve an editor: the Language Server Protocol on standard input and output");
  verb->add_flag_callback("--stdio", [] {}, "What editors say for standard input and output; it is so anyway");
  verb->footer("weir lsp");
  verb->callback([&result] { result = serve(); });
}

}  // namespace weir::app
