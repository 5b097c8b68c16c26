#include "apps/weir/run_options.hpp"

#include <unistd.h>

#include <charconv>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "apps/weir/exit_code.hpp"
#include "apps/weir/inputs.hpp"
#include "apps/weir/rule_files.hpp"
#include "apps/weir/terminal.hpp"

namespace weir::app {

namespace {

/// The flags as written; whatever was not is empty.
struct run_flags {
  std::vector<std::string> rules;
  std::string config_path;
  std::vector<std::string> inputs;
  std::map<std::string, std::string> params;
  std::string alerts;
  std::string publish;
  std::string wait_subscriber;
  std::string set_aside;
  std::optional<std::size_t> batch_rows;
  std::optional<std::int64_t> batch_ms;
  std::optional<std::size_t> threads;
  std::optional<std::uint64_t> limit_memory_mb;
  std::string limit_events;
  std::string limit_subjects;
  bool no_drain = false;
  bool stats = false;
  std::string control;
};

[[noreturn]] void wrong_use(const std::string& message) { throw failure(exit_code::usage, message); }

config load(const std::string& path) {
  if (path.empty()) return {};
  auto loaded = load_config(path);
  if (!loaded) throw failure(exit_code::usage, loaded.error());
  return std::move(*loaded);
}

sink_config sink_for_alerts(const std::string& path) { return jsonl_sink_config{.path = path}; }

zmq_sink_config sink_for_publish(const run_flags& flags) {
  zmq_sink_config sink;
  sink.endpoint = flags.publish;
  if (flags.wait_subscriber.empty()) return sink;
  const auto wait = stream::parse_duration(flags.wait_subscriber);
  if (!wait) wrong_use(fmt::format("--wait-subscriber: \"{}\" is not a duration such as 10s", flags.wait_subscriber));
  sink.wait_subscriber = *wait;
  return sink;
}

/// `--alerts` takes the place of all sinks that write, `--publish` of those that publish.
void override_sinks(const run_flags& flags, std::vector<sink_config>& sinks) {
  const auto publishes = [](const sink_config& sink) { return std::holds_alternative<zmq_sink_config>(sink); };
  if (!flags.alerts.empty()) {
    std::erase_if(sinks, [&](const sink_config& sink) { return !publishes(sink); });
    if (flags.alerts != "none") sinks.push_back(sink_for_alerts(flags.alerts));
  }
  if (!flags.publish.empty()) {
    std::erase_if(sinks, publishes);
    sinks.emplace_back(sink_for_publish(flags));
  } else if (!flags.wait_subscriber.empty()) {
    wrong_use("--wait-subscriber goes with --publish");
  }
  const bool told = !sinks.empty() || flags.alerts == "none";
  if (told) return;
  sinks.push_back(is_terminal(STDOUT_FILENO) ? sink_config(console_sink_config{}) : sink_for_alerts("-"));
}

/// "1000" or "1000:stop".
cep::state_limit parse_limit(std::string_view flag, const std::string& text) {
  const auto colon = text.find(':');
  const auto digits = text.substr(0, colon);
  const auto policy = limit_policy_of(colon == std::string::npos ? "evict" : std::string_view(text).substr(colon + 1));
  std::uint32_t most = 0;
  const auto [end, wrong] = std::from_chars(digits.data(), digits.data() + digits.size(), most);
  const bool whole = wrong == std::errc{} && end == digits.data() + digits.size() && most >= 1;
  if (!whole || most > state_limit_max || !policy) {
    wrong_use(
        fmt::format("{}: \"{}\" is not a number from 1, alone or with what happens at it: 1000, or 1000:evict, "
                    "1000:refuse, 1000:stop",
                    flag, text));
  }
  return {.most = most, .policy = *policy};
}

void override_engine(const run_flags& flags, config& settings) {
  if (flags.batch_rows) settings.batch_rows = *flags.batch_rows;
  if (flags.batch_ms) settings.batch_time = std::chrono::milliseconds{*flags.batch_ms};
  if (flags.threads) settings.threads = *flags.threads;
  if (flags.limit_memory_mb) settings.limits.memory_bytes = *flags.limit_memory_mb << 20;
  auto& each_rule = settings.limits.each_rule;
  if (!flags.limit_events.empty()) each_rule.events = parse_limit("--limit-events", flags.limit_events);
  if (!flags.limit_subjects.empty()) each_rule.subjects = parse_limit("--limit-subjects", flags.limit_subjects);
}

run_options combine(const run_flags& flags) {
  run_options options;
  auto& settings = options.settings;
  settings = load(flags.config_path);
  if (!flags.rules.empty()) settings.rules = flags.rules;
  if (settings.rules.empty()) wrong_use("no rules: name rule files, or rules = […] in the configuration");
  if (!flags.inputs.empty()) settings.sources = parse_inputs(flags.inputs);
  if (settings.sources.empty()) wrong_use("no input: say --input EVENT=FILE, or [source.NAME] in the configuration");
  for (const auto& [name, value] : flags.params) settings.params[name] = value;
  override_sinks(flags, settings.sinks);
  override_engine(flags, settings);
  if (!flags.set_aside.empty()) settings.set_aside_path = flags.set_aside;
  options.drain = !flags.no_drain;
  options.stats = flags.stats;
  options.control = flags.control;
  return options;
}

void add_inputs_and_outputs(CLI::App& verb, run_flags& flags) {
  verb.add_option("RULES", flags.rules, "Rule files, compiled as one program");
  verb.add_option("-c,--config", flags.config_path, "weir.toml; flags override it")->type_name("FILE");
  verb.add_option("--input", flags.inputs,
                  "A source: a file of one event's records (csv or ndjson, also .gz; - is standard input),\n"
                  "or only FILE, where each record names its event in the field \"event\"; may be given again")
      ->type_name("EVENT=FILE")
      ->allow_extra_args(false);
  add_param_option(verb, flags.params);
  verb.add_option("--alerts", flags.alerts,
                  "Where the alerts go as lines of JSON: a file, - for standard output, or none.\n"
                  "Without any sink: to standard output, for people where it is a terminal")
      ->type_name("FILE|-|none");
  verb.add_option("--publish", flags.publish, "Publish the alerts over ZeroMQ, as in tcp://*:5556")
      ->type_name("ENDPOINT");
  verb.add_option("--wait-subscriber", flags.wait_subscriber,
                  "Begin when somebody has subscribed, or after so long, as in 10s")
      ->type_name("DURATION");
  verb.add_option("--set-aside", flags.set_aside,
                  fmt::format("Where bad and late records go (default {})", default_set_aside_path))
      ->type_name("FILE");
}

void add_engine_flags(CLI::App& verb, run_flags& flags) {
  const config defaults;
  const auto default_ms = std::chrono::duration_cast<std::chrono::milliseconds>(defaults.batch_time).count();
  verb.add_option("--batch-rows", flags.batch_rows, fmt::format("Rows of a batch at most ({})", defaults.batch_rows))
      ->type_name("N")
      ->check(CLI::Range(1, 1'000'000));
  verb.add_option("--batch-ms", flags.batch_ms,
                  fmt::format("Milliseconds that a live event waits for others at most ({})", default_ms))
      ->type_name("N")
      ->check(CLI::Range(1, 60'000));
  verb.add_option("--limit-memory", flags.limit_memory_mb, "End the run when it takes more megabytes of memory")
      ->type_name("MB")
      ->check(CLI::Range(1, 1'000'000'000));
  verb.add_option("--limit-events", flags.limit_events,
                  "Events of one subject that a rule holds at most. At one more the oldest is forgotten (evict), or\n"
                  "the new one is not taken (refuse), both counted, or the run ends (stop); evict if left out")
      ->type_name("N[:POLICY]");
  verb.add_option("--limit-subjects", flags.limit_subjects,
                  "Subjects that a rule holds events of at most; evict forgets the one that has been idle longest")
      ->type_name("N[:POLICY]");
  verb.add_option(
          "--threads", flags.threads,
          fmt::format("Threads that match side by side (as many as the machine has cores: {})", defaults.threads))
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, threads_max));
  verb.add_flag("--no-drain", flags.no_drain, "At the end, leave deadlines open that no event has passed");
  verb.add_option("--control", flags.control,
                  "The socket that takes the commands of `weir control`; where the input goes on there is one by\n"
                  "itself, found by `--pid`")
      ->type_name("PATH");
  verb.add_flag("--stats", flags.stats, "Say more: each source, and the engine; every 5 s where the input goes on");
}

}  // namespace

void add_run_options(CLI::App& verb, std::function<void(const run_options&)> start) {
  auto flags = std::make_shared<run_flags>();  // lives as long as the callback that CLI11 keeps
  add_inputs_and_outputs(verb, *flags);
  add_engine_flags(verb, *flags);
  verb.callback([flags, start = std::move(start)] { start(combine(*flags)); });
}

}  // namespace weir::app
