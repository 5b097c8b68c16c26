// How long after an event has arrived is its alert there, at half the load that `weir run` can take?
//
// `bench_latency WEIR [EVENTS] [SECONDS] [MORE OPTIONS OF weir run]`: payments through standard input, the four
// reference rules, alerts on standard output. First as fast as it goes, EVENTS of them: that is the load it can take.
// Then half as many a second for so many SECONDS, each written when it is due. Two times are measured from that moment
// on: until the match was found (the alert's `detected_time`), and until the alert was read here. For an absence the
// event is the first that is later than the deadline. Alerts by rule are held to a brute-force count in both runs.

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "stream/table.hpp"
#include "tests/bench/payment_counts.hpp"
#include "tests/bench/payment_lines.hpp"

extern char** environ;

namespace {

using namespace weir;
using wall_clock = std::chrono::system_clock;

constexpr std::chrono::microseconds pace{500};  // how often what is due is written
constexpr std::size_t pipe_bytes = 1 << 20;

[[noreturn]] void fail(const char* why) {
  std::perror(why);
  std::exit(1);
}

/// The events as text, and where each line begins.
struct feed {
  explicit feed(std::size_t events) {
    testing::payments source;
    for (std::size_t i = 0; i < events; ++i) {
      payments.push_back(source.next());
      begins.push_back(text.size());
      text += bench::record_of(payments.back());
    }
    begins.push_back(text.size());
  }

  std::vector<testing::payment> payments;
  std::string text;
  std::vector<std::size_t> begins;
};

/// `weir run` as a process, its standard input and output in our hands.
class weir_process {
 public:
  explicit weir_process(const std::vector<std::string>& command) {
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0) fail("pipe");
    for (const int end : {in[1], out[0]}) ::fcntl(end, F_SETPIPE_SZ, pipe_bytes);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    std::vector<char*> arguments;
    for (const auto& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    if (::posix_spawn(&id_, arguments[0], &actions, nullptr, arguments.data(), environ) != 0) fail("spawn");
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]);
    ::close(out[1]);
    in_ = in[1];
    out_ = out[0];
  }

  void write(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t written = ::write(in_, bytes.data(), bytes.size());
      if (written <= 0) fail("write");
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  void end_input() const { ::close(in_); }

  /// What is there, or waits for it; nothing at the end.
  std::string_view read() {
    const ssize_t got = ::read(out_, buffer_.data(), buffer_.size());
    if (got < 0) fail("read");
    return {buffer_.data(), static_cast<std::size_t>(got)};
  }
  void wait() const {
    int status = 0;
    if (::waitpid(id_, &status, 0) != id_ || status != 0) {
      std::fputs("weir run has failed\n", stderr);
      std::exit(1);
    }
  }

 private:
  pid_t id_ = 0;
  int in_ = -1;
  int out_ = -1;
  std::string buffer_ = std::string(pipe_bytes, '\0');
};

/// An alert as far as it matters here.
struct seen_alert {
  std::size_t rule = 0;
  std::uint64_t event_ms = 0;
  wall_clock::time_point detected;
  wall_clock::time_point read;
};

std::string_view value_of(std::string_view line, std::string_view key) {
  const std::size_t begin = line.find(key) + key.size();
  return line.substr(begin, line.find('"', begin) - begin);
}

seen_alert parse(std::string_view line, wall_clock::time_point now) {
  const auto event_time = stream::parse_rfc3339(value_of(line, R"("event_time":")"));
  const auto detected = stream::parse_rfc3339(value_of(line, R"("detected_time":")"));
  const std::string_view rule = value_of(line, R"("name":"r)");
  if (!event_time || !detected || rule.empty()) {
    std::fprintf(stderr, "not an alert: %.*s\n", static_cast<int>(line.size()), line.data());
    std::exit(1);
  }
  return {.rule = static_cast<std::size_t>(rule[0] - '1'),
          .event_ms = static_cast<std::uint64_t>(event_time->time_since_epoch() / std::chrono::milliseconds(1)),
          .detected = wall_clock::time_point(detected->time_since_epoch()),
          .read = now};
}

std::vector<seen_alert> read_alerts(weir_process& weir) {
  std::vector<seen_alert> alerts;
  std::string rest;
  for (std::string_view got = weir.read(); !got.empty(); got = weir.read()) {
    const auto now = wall_clock::now();
    rest += got;
    std::size_t begin = 0;
    for (std::size_t end = rest.find('\n'); end != std::string::npos; end = rest.find('\n', begin)) {
      alerts.push_back(parse(std::string_view(rest).substr(begin, end - begin), now));
      begin = end + 1;
    }
    rest.erase(0, begin);
  }
  return alerts;
}

/// When each event is due.
struct schedule {
  wall_clock::time_point begin;
  double events_a_second = 0;

  wall_clock::time_point due(std::size_t event) const {
    const std::chrono::duration<double> after{static_cast<double>(event) / events_a_second};
    return begin + std::chrono::duration_cast<wall_clock::duration>(after);
  }
};

void write_paced(const weir_process& weir, const feed& events, const schedule& when) {
  for (std::size_t next = 0; next < events.payments.size();) {
    const std::size_t begin = next;
    const auto now = wall_clock::now();
    while (next < events.payments.size() && when.due(next) <= now) ++next;
    weir.write(std::string_view(events.text).substr(events.begins[begin], events.begins[next] - events.begins[begin]));
    std::this_thread::sleep_for(pace);
  }
}

void check(const std::vector<seen_alert>& alerts, const feed& events) {
  std::array<std::uint64_t, 4> found{};
  for (const auto& alert : alerts) ++found[alert.rule];
  if (found == bench::count_alerts(events.payments)) return;
  std::fputs("the alerts are not those of the brute-force count\n", stderr);
  std::exit(1);
}

double rate_at_full_speed(const std::vector<std::string>& command, const feed& events) {
  const auto begin = wall_clock::now();
  weir_process weir(command);
  std::thread writer([&] {
    weir.write(events.text);
    weir.end_input();
  });
  const auto alerts = read_alerts(weir);
  writer.join();
  weir.wait();
  const std::chrono::duration<double> took = wall_clock::now() - begin;
  check(alerts, events);
  return static_cast<double>(events.payments.size()) / took.count();
}

std::vector<seen_alert> run_paced(const std::vector<std::string>& command, const feed& events, schedule& when) {
  weir_process weir(command);
  std::this_thread::sleep_for(std::chrono::milliseconds(200));  // until it has compiled its rules
  when.begin = wall_clock::now();
  std::thread writer([&] {
    write_paced(weir, events, when);
    weir.end_input();
  });
  auto alerts = read_alerts(weir);
  writer.join();
  weir.wait();
  check(alerts, events);
  return alerts;
}

/// The event whose arrival brings the alert: its number is its time.
std::size_t cause_of(const seen_alert& alert) { return alert.event_ms + (alert.rule == 2 ? 1 : 0); }

void print(const char* name, std::vector<double> ms) {
  std::ranges::sort(ms);
  const auto at = [&](double part) { return ms[static_cast<std::size_t>(part * static_cast<double>(ms.size() - 1))]; };
  std::printf("%s: p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, at most %.2f ms\n", name, at(0.5), at(0.99), at(0.999),
              at(1));
}

void print_latencies(const std::vector<seen_alert>& alerts, const schedule& when) {
  std::vector<double> found;
  std::vector<double> read;
  const auto ms = [](wall_clock::duration d) { return std::chrono::duration<double, std::milli>(d).count(); };
  for (const auto& alert : alerts) {
    found.push_back(ms(alert.detected - when.due(cause_of(alert))));
    read.push_back(ms(alert.read - when.due(cause_of(alert))));
  }
  print("event to match", std::move(found));
  print("event to alert read", std::move(read));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: bench_latency WEIR [EVENTS] [SECONDS] [MORE OPTIONS OF weir run]\n", stderr);
    return 2;
  }
  const std::size_t events = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 1'000'000;
  const double seconds = argc > 3 ? std::strtod(argv[3], nullptr) : 10;
  const std::string rules = "/tmp/weir_latency_" + std::to_string(::getpid()) + ".weir";
  std::ofstream(rules) << testing::payments_rules();
  std::vector<std::string> command{argv[1], "run", rules, "--input", "payment=-", "--alerts", "-", "--no-drain"};
  for (int i = 4; i < argc; ++i) command.emplace_back(argv[i]);

  const double most = rate_at_full_speed(command, feed(events));
  schedule when{.begin = {}, .events_a_second = most / 2};
  const auto alerts = run_paced(command, feed(static_cast<std::size_t>(when.events_a_second * seconds)), when);
  std::printf("%.2f M events/s as fast as it goes; at %.2f M, %zu alerts:\n", most / 1e6, when.events_a_second / 1e6,
              alerts.size());
  print_latencies(alerts, when);
  ::unlink(rules.c_str());
}
