#pragma once

#include <chrono>
#include <expected>
#include <memory>
#include <optional>
#include <string>

#include "stream/source.hpp"

namespace weir::stream {

/// Answers requests of other processes (ZeroMQ REP), one after the other; never waits. One thread.
class responder {
 public:
  /// Binds "ipc:///run/user/1000/weir/42.sock" and the like; a file of that name is replaced. The error names the
  /// endpoint.
  static std::expected<responder, io_error> bind(const std::string& endpoint);

  ~responder();
  responder(responder&&) noexcept;
  responder& operator=(responder&&) noexcept;

  /// The next request, if one has come: it has to be answered before the next one is asked for.
  std::optional<std::string> next();
  void answer(const std::string& text);

 private:
  struct state;
  explicit responder(std::unique_ptr<state> made);

  std::unique_ptr<state> state_;
};

/// Asks a responder, and waits for its answer, but no longer than `at_most`.
std::expected<std::string, io_error> ask(const std::string& endpoint, const std::string& request,
                                         std::chrono::milliseconds at_most);

}  // namespace weir::stream
