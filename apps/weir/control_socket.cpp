#include "apps/weir/control_socket.hpp"

#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace weir::app {

namespace {

using namespace std::chrono_literals;

constexpr std::array verbs{control_verb::reload, control_verb::status, control_verb::stats, control_verb::stop};
constexpr auto patience = 30s;  // a large set of rules takes a moment to be compiled

std::string endpoint_of(const std::string& path) { return "ipc://" + path; }

/// Why no socket can be made there; nothing when one can.
std::optional<std::string> obstacle_at(const std::string& path) {
  constexpr std::size_t path_bytes_max = sizeof(sockaddr_un::sun_path) - 1;
  if (path.size() > path_bytes_max) {
    return fmt::format("{}: too long for a socket, which takes {} bytes", path, path_bytes_max);
  }
  std::error_code none;
  const auto there = std::filesystem::symlink_status(path, none);
  if (!std::filesystem::exists(there)) return std::nullopt;
  if (!std::filesystem::is_socket(there)) return path + ": there is a file of this name";
  if (stream::ask(endpoint_of(path), std::string(to_text(control_verb::status)), 500ms)) {
    return path + ": another weir answers there";
  }
  return std::nullopt;  // left behind by one that has ended
}

}  // namespace

std::string_view to_text(control_verb verb) {
  switch (verb) {
    case control_verb::reload: return "reload";
    case control_verb::status: return "status";
    case control_verb::stats: return "stats";
    case control_verb::stop: return "stop";
  }
  std::unreachable();
}

std::optional<control_verb> control_verb_of(std::string_view text) {
  for (const control_verb verb : verbs) {
    if (to_text(verb) == text) return verb;
  }
  return std::nullopt;
}

std::string to_json(const control_answer& answer) {
  const nlohmann::json json{{"done", answer.done}, {"text", answer.text}};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::optional<control_answer> read_answer(std::string_view json) {
  const auto read = nlohmann::json::parse(json, nullptr, false);
  if (!read.is_object() || !read.contains("done") || !read.contains("text")) return std::nullopt;
  if (!read["done"].is_boolean() || !read["text"].is_string()) return std::nullopt;
  return control_answer{.done = read["done"], .text = read["text"]};
}

std::string control_folder() {
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");
  const bool there = runtime != nullptr && *runtime != '\0';
  return there ? fmt::format("{}/weir", runtime) : fmt::format("/tmp/weir-{}", ::getuid());
}

bool make_control_folder() {
  const std::string path = control_folder();
  ::mkdir(path.c_str(), 0700);  // it may be there already, as whoever's
  struct stat seen{};
  return ::lstat(path.c_str(), &seen) == 0 && S_ISDIR(seen.st_mode) && seen.st_uid == ::getuid() &&
         (seen.st_mode & 0077) == 0;
}

std::string control_path(int pid) { return fmt::format("{}/{}.sock", control_folder(), pid); }

std::expected<control_socket, std::string> control_socket::open(const std::string& path) {
  if (const auto obstacle = obstacle_at(path)) return std::unexpected(*obstacle);
  // Whoever reaches it could stop the run: nobody but the user shall, from its first moment on.
  const auto mask = ::umask(0177);
  auto bound = stream::responder::bind(endpoint_of(path));
  ::umask(mask);
  if (!bound) return std::unexpected(bound.error().message);
  return control_socket(path, std::move(*bound));
}

control_socket::control_socket(control_socket&& other) noexcept
    : path_(std::exchange(other.path_, {})), socket_(std::move(other.socket_)) {}

control_socket::~control_socket() {
  std::error_code none;
  if (!path_.empty()) std::filesystem::remove(path_, none);
}

void control_socket::serve(const std::function<control_answer(control_verb)>& answer) {
  constexpr int requests_max = 16;  // then the stream goes on first
  for (int i = 0; i < requests_max; ++i) {
    const auto request = socket_.next();
    if (!request) return;
    const auto verb = control_verb_of(*request);
    socket_.answer(to_json(verb ? answer(*verb) : control_answer{.done = false, .text = "unknown request"}));
  }
}

std::expected<control_answer, std::string> ask_run(const std::string& path, control_verb verb) {
  std::error_code none;
  if (!std::filesystem::is_socket(path, none)) return std::unexpected(path + ": no weir is running there");
  const auto said = stream::ask(endpoint_of(path), std::string(to_text(verb)), patience);
  if (!said) return std::unexpected(path + ": no answer; has that run ended?");
  if (auto answer = read_answer(*said)) return *std::move(answer);
  return std::unexpected(path + ": what answers there is no weir");
}

}  // namespace weir::app
