#include "apps/weir/demo.hpp"

#include <unistd.h>

#include <atomic>
#include <charconv>
#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "apps/weir/alert_line.hpp"
#include "apps/weir/demo_source.hpp"
#include "apps/weir/rule_packs.hpp"
#include "apps/weir/run.hpp"
#include "apps/weir/summary.hpp"
#include "apps/weir/terminal.hpp"
#include "rules/compile.hpp"
#include "stream/file/line_writer.hpp"
#include "stream/zmq/subscriber.hpp"

namespace weir::app {

namespace {

using std::chrono::milliseconds;

struct demo_options {
  std::string rate = "2000/s";
  std::string lasting = "30s";
  std::string endpoint = "tcp://127.0.0.1:5556";
  std::uint64_t seed = 42;
};

constexpr std::uint64_t rate_max = 1'000'000;

[[noreturn]] void wrong_use(const std::string& message) { throw failure(exit_code::usage, message); }

/// "2000/s", or "2000".
std::uint64_t parse_rate(std::string_view text) {
  std::uint64_t rate = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), rate);
  const std::string_view unit(end, text.data() + text.size());
  const bool read = error == std::errc{} && (unit.empty() || unit == "/s") && rate > 0 && rate <= rate_max;
  if (!read) wrong_use(fmt::format("--rate: \"{}\" is not 1/s to {}/s", text, rate_max));
  return rate;
}

milliseconds parse_lasting(const std::string& text) {
  const auto lasting = stream::parse_duration(text);
  if (!lasting || *lasting < std::chrono::seconds{1} || *lasting > std::chrono::hours{24}) {
    wrong_use(fmt::format("--for: \"{}\" is not a duration from 1s to 24h", text));
  }
  return std::chrono::duration_cast<milliseconds>(*lasting);
}

/// Where a subscriber on this machine finds what was bound at `endpoint`.
std::string reachable(std::string endpoint) {
  constexpr std::string_view any_host = "tcp://*:";
  if (endpoint.ends_with(":*")) wrong_use("--endpoint: name the port, as in tcp://127.0.0.1:5556");
  if (endpoint.starts_with(any_host)) endpoint.replace(0, any_host.size(), "tcp://127.0.0.1:");
  return endpoint;
}

/// A subscriber as any other, but in this program: it shows what has come through the socket.
class alert_screen {
 public:
  explicit alert_screen(const std::string& endpoint)
      : subscriber_(connect(endpoint)), out_(open_output()), colour_(shows_colour(STDOUT_FILENO)) {
    thread_ = std::thread([this] { show(); });
  }
  ~alert_screen() { close(); }
  alert_screen(const alert_screen&) = delete;
  alert_screen& operator=(const alert_screen&) = delete;

  /// Waits, not for ever, until the alerts up to this number have come.
  void wait_for(std::uint64_t seq) const {
    for (int i = 0; i < 200 && last_seq_ < seq; ++i) std::this_thread::sleep_for(milliseconds{10});
  }
  void close() {
    closing_ = true;
    if (thread_.joinable()) thread_.join();
  }
  std::uint64_t shown() const { return shown_; }

 private:
  static stream::subscriber connect(const std::string& endpoint) {
    auto made = stream::subscriber::connect(endpoint);
    if (!made) throw failure(exit_code::io, made.error().message);
    return std::move(*made);
  }
  static stream::line_writer open_output() {
    auto made = stream::line_writer::open("-");
    if (!made) throw failure(exit_code::io, made.error().message);
    return std::move(*made);
  }

  void show() {
    while (!closing_) {
      const auto message = subscriber_.receive(milliseconds{100});
      if (!message) return spdlog::error("{}", message.error().message);
      if (*message) take(**message);
    }
  }

  void take(const stream::received_message& message) {
    if (message.missed > 0) spdlog::warn("missed {} alerts", message.missed);
    if (!message.heartbeat) {
      const auto alert = read_alert_line(message.payload);
      const auto written = out_.write(alert ? render(*alert, colour_) : message.payload);
      const auto flushed = out_.flush();
      if (written && flushed) ++shown_;
    }
    last_seq_ = message.seq;
  }

  stream::subscriber subscriber_;
  stream::line_writer out_;
  bool colour_;
  std::atomic<bool> closing_ = false;
  std::atomic<std::uint64_t> last_seq_ = 0;
  std::atomic<std::uint64_t> shown_ = 0;
  std::thread thread_;
};

rules::program compile_packs() {
  std::vector<std::string> paths;
  for (const auto& pack : rule_packs()) paths.emplace_back(pack.path);
  auto compiled = rules::compile(paths, {}, read_rule_pack);
  for (const auto& finding : compiled.findings) fmt::print(stderr, "{}", rules::render(finding, compiled.files));
  if (!compiled.result) throw failure(exit_code::findings, "the packs of this build have errors");
  return std::move(*compiled.result);
}

run_options options_of_run(const demo_source& source, const std::string& endpoint) {
  run_options options;
  source_config events;
  events.name = "bank";
  events.path = source.path();
  events.syntax = stream::record_syntax::ndjson;
  options.settings.sources.push_back(events);
  zmq_sink_config alerts;
  alerts.endpoint = endpoint;
  alerts.wait_subscriber = std::chrono::seconds{5};
  options.settings.sinks.emplace_back(alerts);
  return options;
}

std::string days_between(demo_time begin, demo_time end) {
  const double days = std::chrono::duration<double, std::ratio<86'400>>(end - begin).count();
  return days < 2 ? fmt::format("{:.0f} hours", days * 24) : fmt::format("{:.1f} days", days);
}

exit_code demo(const demo_options& chosen) {
  const auto endpoint = reachable(chosen.endpoint);
  demo_pace pace{
      .seed = chosen.seed, .events_a_second = parse_rate(chosen.rate), .lasting = parse_lasting(chosen.lasting)};
  pace.ends_at = std::chrono::floor<milliseconds>(std::chrono::system_clock::now()) + pace.lasting;
  auto rules = compile_packs();
  demo_source source(pace);
  fmt::print(stderr,
             "{} rules of the packs cards, aml and logins watch {} generated events a second for {}:\n"
             "the last {} of a small bank, up to now. Alerts come through {}; in another terminal,\n"
             "`weir tail {}` shows them too.\n\n",
             rules.active().size(), grouped(pace.events_a_second), stream::to_text(pace.lasting),
             days_between(source.begins_at(), pace.ends_at), endpoint, endpoint);

  alert_screen screen(endpoint);
  auto options = options_of_run(source, chosen.endpoint);
  options.before_summary = [&screen](std::uint64_t alerts) {
    screen.wait_for(alerts);
    fmt::print(stderr, "\n");
  };
  source.start();
  const auto ended = run(options, std::move(rules));
  screen.close();
  fmt::print(stderr, "{} alerts came through ZeroMQ\n", grouped(screen.shown()));
  return ended;
}

}  // namespace

void add_demo(CLI::App& app, exit_code& result) {
  auto* verb = app.add_subcommand("demo", "Show the whole monitor at work on generated events");
  auto options = std::make_shared<demo_options>();  // lives as long as the callback that CLI11 keeps
  verb->add_option("--rate", options->rate, "Events a second")->type_name("N/s")->capture_default_str();
  verb->add_option("--for", options->lasting, "How long")->type_name("DURATION")->capture_default_str();
  verb->add_option("--endpoint", options->endpoint, "Where the alerts are published")->capture_default_str();
  verb->add_option("--seed", options->seed, "Another seed, other events")->capture_default_str();
  verb->footer("weir demo --rate 5000/s --for 1m");
  verb->callback([options, &result] { result = demo(*options); });
}

}  // namespace weir::app
