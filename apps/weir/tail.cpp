#include "apps/weir/tail.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "apps/weir/alert_line.hpp"
#include "apps/weir/stop_signal.hpp"
#include "apps/weir/terminal.hpp"
#include "stream/file/line_writer.hpp"
#include "stream/time.hpp"
#include "stream/zmq/subscriber.hpp"

namespace weir::app {

namespace {

using clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds patience{100};
constexpr std::chrono::seconds silence_max{3};  // three heartbeats

struct tail_options {
  std::string endpoint;
  bool json = false;
  bool shadow = false;
  std::vector<std::string> severities;
  std::vector<std::string> rules;
  std::optional<std::uint64_t> count;
  std::string lasting;
};

/// Says once when the publisher falls silent, and once when it is back.
class silence_watch {
 public:
  void heard(clock::time_point now) {
    if (silent_) spdlog::info("publisher is back");
    silent_ = false;
    last_ = now;
  }
  void look(clock::time_point now) {
    if (!last_ || silent_ || now - *last_ < silence_max) return;
    silent_ = true;
    const auto ago = std::chrono::duration_cast<std::chrono::microseconds>(now - *last_);
    const auto since = std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now() - ago);
    spdlog::warn("publisher silent since {}", stream::to_rfc3339(since));
  }

 private:
  std::optional<clock::time_point> last_;
  bool silent_ = false;
};

bool among(const std::vector<std::string>& wanted, const std::string& name) {
  return wanted.empty() || std::ranges::find(wanted, name) != wanted.end();
}

/// "shadow.high.card_testing": whether it is asked for.
bool is_wanted(const tail_options& options, std::string topic) {
  constexpr std::string_view prefix = "shadow.";
  if (topic.starts_with(prefix)) {
    if (!options.shadow) return false;
    topic.erase(0, prefix.size());
  }
  const auto dot = topic.find('.');
  if (dot == std::string::npos) return false;
  return among(options.severities, topic.substr(0, dot)) && among(options.rules, topic.substr(dot + 1));
}

std::string shown(const tail_options& options, const std::string& payload, bool colour) {
  if (options.json) return payload;
  const auto alert = read_alert_line(payload);
  return alert ? render(*alert, colour) : payload;
}

/// What a message tells about those that did not come.
void tell_gaps(const stream::received_message& message) {
  if (message.new_run) spdlog::info("the publisher has been started again");
  if (message.missed > 0) spdlog::warn("missed {} alert{}", message.missed, message.missed == 1 ? "" : "s");
}

class tail_command {
 public:
  explicit tail_command(const tail_options& options)
      : options_(options), colour_(shows_colour(STDOUT_FILENO)), subscriber_(connect(options)), out_(open_output()) {
    if (options.lasting.empty()) return;
    const auto lasting = stream::parse_duration(options.lasting);
    if (!lasting) throw failure(exit_code::usage, fmt::format("--for: \"{}\" is not a duration", options.lasting));
    end_ = clock::now() + *lasting;
  }

  exit_code run() {
    while (!ended()) {
      const auto message = subscriber_.receive(patience);
      if (!message) throw failure(exit_code::io, fmt::format("{}: {}", options_.endpoint, message.error().message));
      if (*message) take(**message);
      silence_.look(clock::now());
      if (!*message || clock::now() - flushed_ >= patience) flush();
    }
    check(out_.close());
    return exit_code::done;
  }

 private:
  static stream::subscriber connect(const tail_options& options) {
    auto made = stream::subscriber::connect(options.endpoint);
    if (!made) throw failure(exit_code::io, made.error().message);
    return std::move(*made);
  }

  static stream::line_writer open_output() {
    auto made = stream::line_writer::open("-");
    if (!made) throw failure(exit_code::io, made.error().message);
    return std::move(*made);
  }

  bool ended() const {
    const bool enough = options_.count && shown_ >= *options_.count;
    return enough || (end_ && clock::now() >= *end_) || stop_requested() || out_.reader_gone();
  }

  void take(const stream::received_message& message) {
    silence_.heard(clock::now());
    tell_gaps(message);
    if (message.heartbeat || !is_wanted(options_, message.topic)) return;
    check(out_.write(shown(options_, message.payload, colour_)));
    ++shown_;
  }

  void flush() {
    flushed_ = clock::now();
    check(out_.flush());
  }

  /// Who reads us may leave when it has seen enough; any other error ends in a message.
  void check(const std::expected<void, stream::io_error>& written) {
    if (!written && !out_.reader_gone()) throw failure(exit_code::io, written.error().message);
  }

  const tail_options& options_;
  bool colour_;
  stream::subscriber subscriber_;
  stream::line_writer out_;
  silence_watch silence_;
  std::optional<clock::time_point> end_;
  clock::time_point flushed_{};
  std::uint64_t shown_ = 0;
};

}  // namespace

void add_tail(CLI::App& app, exit_code& result) {
  auto* verb = app.add_subcommand("tail", "Show the alerts that a running Weir publishes");
  auto options = std::make_shared<tail_options>();  // lives as long as the callback that CLI11 keeps
  verb->add_option("ENDPOINT", options->endpoint, "Where it publishes, as in tcp://localhost:5556")->required();
  verb->add_flag("--json", options->json, "The alerts as they come, one line of JSON each");
  verb->add_flag("--shadow", options->shadow, "Show the alerts of shadow rules too");
  verb->add_option("--severity", options->severities, "Only alerts of this severity; may be given again")
      ->check(CLI::IsMember({"low", "medium", "high", "critical"}))
      ->allow_extra_args(false);
  verb->add_option("--rule", options->rules, "Only alerts of this rule; may be given again")->allow_extra_args(false);
  verb->add_option("--count", options->count, "End after so many alerts")->type_name("N");
  verb->add_option("--for", options->lasting, "End after so long, as in 30s or 10m")->type_name("DURATION");
  verb->footer("weir tail tcp://localhost:5556 --severity high --severity critical");
  verb->callback([options, &result] {
    watch_stop_signals();
    result = tail_command(*options).run();
  });
}

}  // namespace weir::app
