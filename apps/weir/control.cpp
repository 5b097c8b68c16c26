#include "apps/weir/control.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "apps/weir/control_socket.hpp"

namespace weir::app {

namespace {

struct control_options {
  std::string verb;
  std::string socket;
  std::optional<int> pid;
  bool json = false;
};

/// The sockets of this user's runs that have not ended.
std::vector<std::string> sockets_of_runs() {
  std::vector<std::string> found;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(control_folder(), none)) {
    const auto name = entry.path().stem().string();
    const bool is_number = !name.empty() && name.size() < 10 &&
                           std::ranges::all_of(name, [](unsigned char c) { return c >= '0' && c <= '9'; });
    if (is_number && ::kill(std::stoi(name), 0) == 0) found.push_back(entry.path().string());
  }
  std::ranges::sort(found);
  return found;
}

std::string only_socket() {
  const auto runs = sockets_of_runs();
  if (runs.size() == 1) return runs.front();
  if (runs.empty()) {
    throw failure(exit_code::io,
                  "no run was found that takes commands: name one with --pid or --socket (`weir run --control PATH`)");
  }
  throw failure(exit_code::usage, fmt::format("{} runs take commands: say which with --socket {}", runs.size(),
                                              fmt::join(runs, ", or ")));
}

exit_code control(const control_options& options) {
  const std::string path = !options.socket.empty() ? options.socket
                           : options.pid           ? control_path(*options.pid)
                                                   : only_socket();
  const auto answer = ask_run(path, *control_verb_of(options.verb));
  if (!answer) throw failure(exit_code::io, answer.error());
  if (options.json) {
    fmt::print("{}\n", to_json(*answer));
  } else {
    fmt::print("{}{}", answer->text, answer->text.ends_with('\n') ? "" : "\n");
  }
  return answer->done ? exit_code::done : exit_code::findings;
}

}  // namespace

void add_control(CLI::App& app, exit_code& result) {
  auto* verb = app.add_subcommand("control", "Ask a running Weir to read its rules again, how it is, or to stop");
  auto options = std::make_shared<control_options>();  // lives as long as the callback that CLI11 keeps
  verb->add_option("VERB", options->verb,
                   "reload: read the rule files again, at once; status: a line of JSON about the run;\n"
                   "stats: what `run --stats` prints; stop: come to an end, as after Ctrl-C")
      ->required()
      ->check(CLI::IsMember({"reload", "status", "stats", "stop"}));
  auto* pid = verb->add_option("--pid", options->pid, "The run of this process")->type_name("N");
  verb->add_option("--socket", options->socket, "The run with this socket (`weir run --control PATH`)")
      ->type_name("PATH")
      ->excludes(pid);
  verb->add_flag("--json", options->json, "The answer as a line of JSON, {\"done\":true,\"text\":\"…\"}");
  verb->footer("weir control reload --pid 4711");
  verb->callback([options, &result] { result = control(*options); });
}

}  // namespace weir::app
