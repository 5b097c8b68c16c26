#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "stream/zmq/responder.hpp"

namespace weir::app {

/// What `weir control` may ask a run for.
enum class control_verb : std::uint8_t { reload, status, stats, stop };

std::string_view to_text(control_verb verb);
std::optional<control_verb> control_verb_of(std::string_view text);

/// What a run answers: a text for people, and whether it did what was asked.
struct control_answer {
  bool done = true;
  std::string text;
};

/// On the wire: one line of JSON, {"done":true,"text":"…"}.
std::string to_json(const control_answer& answer);
std::optional<control_answer> read_answer(std::string_view json);

/// The folder of this user's sockets, for runs that were not told a path: "/run/user/1000/weir".
std::string control_folder();
/// Makes it, if need be; false when it is not there or not this user's alone.
bool make_control_folder();
/// "/run/user/1000/weir/42.sock"
std::string control_path(int pid);

/// A run's socket, which only its user may reach. Owned by the loop; its thread.
class control_socket {
 public:
  /// An error says why there can be none: "weir.sock: another weir answers there".
  static std::expected<control_socket, std::string> open(const std::string& path);
  ~control_socket();
  control_socket(control_socket&& other) noexcept;
  control_socket& operator=(control_socket&&) = delete;

  const std::string& path() const { return path_; }

  /// Answers what has been asked meanwhile; waits for nothing.
  void serve(const std::function<control_answer(control_verb)>& answer);

 private:
  control_socket(std::string path, stream::responder socket) : path_(std::move(path)), socket_(std::move(socket)) {}

  std::string path_;
  stream::responder socket_;
};

/// Asks the run behind the socket; an error says why there is no answer.
std::expected<control_answer, std::string> ask_run(const std::string& path, control_verb verb);

}  // namespace weir::app
