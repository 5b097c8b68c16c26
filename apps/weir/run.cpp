#include "apps/weir/run.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <nlohmann/json.hpp>

#include "apps/weir/alert_lines.hpp"
#include "apps/weir/batch_feed.hpp"
#include "apps/weir/control_socket.hpp"
#include "apps/weir/file_watch.hpp"
#include "apps/weir/input_feed.hpp"
#include "apps/weir/inputs.hpp"
#include "apps/weir/live_rules.hpp"
#include "apps/weir/progress.hpp"
#include "apps/weir/rule_files.hpp"
#include "apps/weir/set_aside_file.hpp"
#include "apps/weir/sinks.hpp"
#include "apps/weir/stop_signal.hpp"
#include "apps/weir/summary.hpp"
#include "apps/weir/terminal.hpp"
#include "rules/alert.hpp"
#include "rules/detector.hpp"
#include "rules/dstream/detect.hpp"
#include "rules/reload.hpp"
#include "stream/dstream/streaming_context.hpp"
#include "stream/intake.hpp"

namespace weir::app {

namespace {

using clock = std::chrono::steady_clock;
using outcome = std::expected<void, stream::io_error>;

constexpr std::chrono::milliseconds flush_interval{100};
constexpr std::chrono::seconds stats_interval{5};
constexpr std::chrono::seconds watch_interval{1};

std::vector<source_place> places_of(const std::vector<source_config>& sources) {
  std::vector<source_place> places;
  for (const auto& source : sources) places.push_back({.name = source.name, .path = source.path});
  return places;
}

std::vector<std::string> names_of(const std::vector<source_config>& sources) {
  std::vector<std::string> names;
  for (const auto& source : sources) names.push_back(source.name);
  return names;
}

sink_set open_sinks(const std::vector<sink_config>& configs) {
  auto opened = sink_set::open(configs);
  if (!opened) throw failure(exit_code::io, opened.error().message);
  return std::move(*opened);
}

/// The files of lists and tables.
std::vector<std::string> reference_paths(const rules::program& rules) {
  std::vector<std::string> paths;
  const auto add = [&paths](const auto& source) {
    if (!source.file.path.empty()) paths.push_back(source.file.path);
  };
  std::ranges::for_each(rules.lists, add);
  std::ranges::for_each(rules.tables, add);
  return paths;
}

/// What the process takes of the machine's memory; 0 where the system doesn't say.
std::uint64_t resident_bytes() {
  std::ifstream pages("/proc/self/statm");
  std::uint64_t all = 0;
  std::uint64_t resident = 0;
  if (!(pages >> all >> resident)) return 0;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

bool writes_to_terminal(const std::vector<sink_config>& configs) {
  const auto writes = [](const sink_config& config) {
    const auto* jsonl = std::get_if<jsonl_sink_config>(&config);
    return std::holds_alternative<console_sink_config>(config) || (jsonl != nullptr && jsonl->path == "-");
  };
  return is_terminal(STDOUT_FILENO) && std::ranges::any_of(configs, writes);
}

/// One run: rules, sources, sinks, and all that stands between them.
class monitor {
 public:
  monitor(const run_options& options, rules::program compiled, std::optional<live_rules> live)
      : options_(options),
        rules_(std::move(compiled)),
        live_(std::move(live)),
        active_(rules_.active()),
        decoded_(rules_.schema),
        names_(decoded_),
        intake_(decoded_, names_, resolve(options.settings.sources, decoded_)),
        feed_(options.settings.sources, intake_, {options.settings.batch_rows, options.settings.batch_time}),
        workers_(options.settings.threads),
        input_(feed_, intake_, names_, decoded_, workers_,
               {.batch_rows = options.settings.batch_rows, .drain = options.drain}),
        sinks_(open_sinks(options.settings.sinks)),
        set_aside_(options.settings.set_aside_path, places_of(options.settings.sources)),
        source_names_(names_of(options.settings.sources)),
        lines_(rules_, names_, source_names_, workers_),
        detector_(rules_, names_, lines_.writer(), {.workers = &workers_}),
        references_(reference_paths(rules_)),
        progress_(is_terminal(STDERR_FILENO) && !writes_to_terminal(options.settings.sinks)) {}

  exit_code run();

 private:
  /// The input, as the stream polls it.
  struct event_source {
    using row = stream::event_batch;
    static constexpr bool waits = true;
    monitor* of;
    std::expected<stream::polled<row>, stream::io_error> poll(std::size_t) { return of->read(); }
  };

  outcome work();
  stream::polled<stream::event_batch> read();
  outcome send(const stream::batch_rows<cep::match>& found);
  outcome send_lines(const stream::batch_rows<cep::match>& found);
  outcome finish();
  void recycle_ids();
  outcome write_set_aside();
  outcome keep_house();
  outcome stay_within_limits();
  outcome end_at_limit(const std::string& which);
  std::string describe(const cep::limit_stop& stop) const;
  void look_at_files();
  void take_new_references();
  control_answer take_new_rules();
  void go_on_with(rules::successor next);
  void open_control();
  control_answer answer(control_verb verb);
  std::string status() const;
  void tell_how_far(clock::time_point now);
  std::uint64_t events() const;
  run_summary summary() const;

  const run_options& options_;
  rules::program rules_;
  std::optional<live_rules> live_;
  std::vector<const rules::rule*> active_;
  stream::schema decoded_;  // what sources decode, whatever becomes of the rules
  stream::symbols names_;
  stream::intake intake_;
  input_feed feed_;
  stream::worker_pool workers_;
  batch_feed input_;
  sink_set sinks_;
  set_aside_file set_aside_;
  std::vector<std::string> source_names_;
  alert_lines lines_;
  rules::detector detector_;
  file_watch references_;
  std::optional<control_socket> control_;
  progress_bar progress_;

  stream::timestamp clock_ = stream::start_of_time;  // the stream's, as the engine was told
  bool at_limit_ = false;
  std::vector<stream::set_aside_record> aside_;
  std::unique_lock<std::mutex> interning_;  // held while rules that make new texts work on a batch
  std::vector<alert_lines::numbered> wanted_;
  std::uint64_t live_seq_ = 0;
  std::uint64_t shadow_seq_ = 0;
  clock::time_point began_ = clock::now();
  clock::time_point flushed_ = began_;
  clock::time_point told_stats_ = began_;
  clock::time_point looked_ = began_;                  // at files
  std::map<std::string, cep::pattern_counters> past_;  // of rules that have gone, or begun anew
};

// ---- The way of an event -------------------------------------------------------------------------------------------

outcome monitor::work() {
  stream::streaming_context program({.pace = stream::batch_pace::when_ready});
  program.between_batches([this] { return keep_house(); });
  program
      .source_stream(event_source{this})                                   // source -> queue -> intake
      .detect(detector_)                                                   // -> engine
      .for_each_batch([this](const auto& found) { return send(found); });  // -> alerts -> sinks
  if (auto ended = program.run(); !ended) return ended;
  return finish();
}

stream::polled<stream::event_batch> monitor::read() {
  auto came = input_.next();
  std::ranges::move(came.aside, std::back_inserter(aside_));
  stream::polled<stream::event_batch> got;
  got.ended = came.last;
  if (!came.rows) return got;
  clock_ = came.rows->watermark();
  if (detector_.interns()) interning_ = std::unique_lock(input_.interning());  // until the batch is done
  got.taken.rows.push_back({std::make_unique<stream::batch>(std::move(*came.rows))});
  got.range = "a batch";
  return got;
}

outcome monitor::send(const stream::batch_rows<cep::match>& found) {
  if (auto sent = send_lines(found); !sent) return sent;
  if (const auto& stop = detector_.stopped()) return end_at_limit(describe(*stop));
  detector_.forget();
  input_.worked_on(clock_);
  if (interning_) interning_.unlock();
  return {};
}

outcome monitor::send_lines(const stream::batch_rows<cep::match>& found) {
  const auto detected = std::chrono::floor<stream::duration>(std::chrono::system_clock::now());
  wanted_.clear();
  for (const cep::match& one : found) {
    const auto& cause = lines_.writer().cause(one);
    auto& seq = cause.mode == rules::rule_mode::shadow ? shadow_seq_ : live_seq_;
    ++seq;
    if (sinks_.wants(cause)) wanted_.push_back({.found = &one, .seq = seq});
  }
  for (auto left = std::span<const alert_lines::numbered>{wanted_}; !left.empty();) {
    const auto lines = lines_.write(left, detector_, detected);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const outgoing_alert alert{.json = lines[i], .cause = lines_.writer().cause(*left[i].found), .seq = left[i].seq};
      if (auto sent = sinks_.send(alert); !sent) return sent;
    }
    left = left.subspan(lines.size());
  }
  return {};
}

/// Ids that nothing refers to any more are handed out again, unless some rule remembers for ever.
void monitor::recycle_ids() {
  const auto remembered = detector_.remembered();
  names_.recycle(remembered == stream::duration::max() ? std::nullopt
                                                       : std::optional(stream::id_recycling{.retention = remembered}));
}

outcome monitor::finish() {
  if (auto kept = keep_house(); !kept) return kept;
  if (auto written = set_aside_.close(); !written) return written;
  return sinks_.close();
}

// ---- Beside the way ------------------------------------------------------------------------------------------------

outcome monitor::write_set_aside() {
  auto written = set_aside_.write(aside_);
  aside_.clear();
  return written;
}

outcome monitor::keep_house() {
  if (auto written = write_set_aside(); !written) return written;
  const auto now = clock::now();
  if (now - flushed_ < flush_interval) return {};
  flushed_ = now;
  if (auto within = stay_within_limits(); !within) return within;
  if (now - looked_ >= watch_interval) {
    looked_ = now;
    look_at_files();
  }
  if (control_) control_->serve([this](control_verb verb) { return answer(verb); });
  tell_how_far(now);
  if (auto flushed = set_aside_.flush(); !flushed) return flushed;
  return sinks_.flush();
}

/// At a limit the run ends: the alerts so far go out, what is still read is left.
outcome monitor::stay_within_limits() {
  const auto& most = options_.settings.limits.memory_bytes;
  const auto taken = most ? resident_bytes() : 0;
  if (!most || taken <= *most) return {};
  return end_at_limit(
      fmt::format("{} MB of memory, where {} are the limit", grouped(taken >> 20), grouped(*most >> 20)));
}

outcome monitor::end_at_limit(const std::string& which) {
  at_limit_ = true;
  if (auto written = set_aside_.close(); !written) return written;
  if (auto closed = sinks_.close(); !closed) return closed;
  return std::unexpected(stream::io_error{which + ": the run ends"});
}

/// "rule velocity for card c1: one event more, at 1970-01-01T00:00:20Z, than the 20 that it may hold of a subject".
std::string monitor::describe(const cep::limit_stop& stop) const {
  const rules::rule& rule = *active_[stop.pattern];
  std::string subject;
  for (std::size_t i = 0; i < stop.subject.size(); ++i) {
    subject += fmt::format("{} {} {}", i == 0 ? " for" : ",", rule.subject_names[i],
                           names_.of(rule.pattern.subjects[i])[stop.subject[i]]);
  }
  const auto what = stop.of_subjects
                        ? fmt::format("one subject more than the {} that it may hold", grouped(stop.most))
                        : fmt::format("one event more than the {} that it may hold of a subject", grouped(stop.most));
  return fmt::format("rule {}{}: {}, at {}", rule.name, subject, what, stream::to_rfc3339(stop.at));
}

/// What has changed is swapped whole: keep_house stands between two batches. A bounded input has the rules it began
/// with, so that it gives the same however long it takes.
void monitor::look_at_files() {
  if (live_ && feed_.endless() && live_->worth_reading()) take_new_rules();
  take_new_references();
}

control_answer monitor::take_new_rules() {
  if (!live_) return {.done = false, .text = "these rules do not come from files"};
  auto read = live_->read(rules_);
  if (!read) {
    const auto& [findings, why] = read.error();
    fmt::print(stderr, "{}", findings);
    spdlog::warn("rules: {}; the rules before stay in force", why);
    return {.done = false, .text = fmt::format("{}{}; the rules before stay in force", findings, why)};
  }
  if (!*read) return {.done = true, .text = "the rules are what they were"};
  auto& [next, what] = **read;
  for (const auto& name : next.begun_again) {
    spdlog::warn("rule {}: begins anew, since it now comes after a rule that raises what it matches", name);
  }
  spdlog::info("rules: {}", what);
  go_on_with(std::move(next));
  return {.done = true, .text = what};
}

void monitor::go_on_with(rules::successor next) {
  const auto counted = detector_.counters();
  std::vector<bool> stays(active_.size());
  for (const auto& before : next.kept) {
    if (before) stays[*before] = true;
  }
  for (std::size_t i = 0; i < active_.size(); ++i) {
    if (!stays[i]) past_[active_[i]->name] += counted[i];
  }
  const std::lock_guard interning(input_.interning());
  rules_ = std::move(next.rules);
  active_ = rules_.active();
  detector_.replace(next.kept);
  recycle_ids();
  lines_.replace();
  detector_.update(next.changed);
  lines_.update(next.changed);
  references_ = file_watch(reference_paths(rules_));
}

// ---- Commands ------------------------------------------------------------------------------------------------------

void monitor::open_control() {
  if (options_.control.empty() && !(feed_.endless() && make_control_folder())) return;
  auto opened = control_socket::open(options_.control.empty() ? control_path(::getpid()) : options_.control);
  if (opened) {
    control_.emplace(std::move(*opened));
  } else if (!options_.control.empty()) {
    throw failure(exit_code::io, opened.error());
  } else {
    spdlog::debug("no commands: {}", opened.error());
  }
}

control_answer monitor::answer(control_verb verb) {
  switch (verb) {
    case control_verb::reload: return take_new_rules();
    case control_verb::status: return {.done = true, .text = status()};
    case control_verb::stats: return {.done = true, .text = render(summary()) + render_stats(summary())};
    case control_verb::stop: request_stop(); return {.done = true, .text = "stopping"};
  }
  std::unreachable();
}

std::string monitor::status() const {
  const auto said = summary();
  nlohmann::ordered_json json{{"pid", ::getpid()},           {"seconds", said.seconds},
                              {"rules", active_.size()},     {"events", events()},
                              {"alerts", live_seq_},         {"shadow_alerts", shadow_seq_},
                              {"watermark", said.watermark}, {"live_subjects", said.live_subjects}};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// Lists and tables whose files have changed, swapped whole.
void monitor::take_new_references() {
  if (!references_.any_changed()) return;
  const auto changes = rules::reload(rules_);
  for (const auto& error : changes.errors) spdlog::warn("{}; the version before stays in force", error);
  const std::lock_guard interning(input_.interning());
  detector_.update(changes);
  lines_.update(changes);
  for (const auto i : changes.lists) spdlog::info("list {}: read again", rules_.lists[i].file.name);
  for (const auto i : changes.tables) spdlog::info("table {}: read again", rules_.tables[i].file.name);
}

void monitor::tell_how_far(clock::time_point now) {
  if (!feed_.endless()) {
    progress_.show(feed_.bytes_read(), feed_.bytes_total(), events());
  } else if (options_.stats && now - told_stats_ >= stats_interval) {
    told_stats_ = now;
    fmt::print(stderr, "{}", render_stats(summary()));
  }
}

std::uint64_t monitor::events() const {
  std::uint64_t sum = 0;
  for (const auto& counted : input_.now().counters) sum += counted.events;
  return sum;
}

run_summary monitor::summary() const {
  run_summary said;
  said.seconds = std::chrono::duration<double>(clock::now() - began_).count();
  const auto counters = detector_.counters();
  auto past = past_;
  const auto add = [&](const std::string& name, const cep::pattern_counters& counted, bool shadow, bool removed) {
    said.rules.push_back({.name = name,
                          .alerts = counted.matches,
                          .suppressed = counted.suppressed,
                          .undefined = counted.undefined,
                          .truncated = counted.truncated,
                          .events_forgotten = counted.events_forgotten,
                          .events_refused = counted.events_refused,
                          .subjects_forgotten = counted.subjects_forgotten,
                          .subjects_refused = counted.subjects_refused,
                          .shadow = shadow,
                          .removed = removed});
  };
  for (std::size_t i = 0; i < active_.size(); ++i) {
    auto counted = counters[i];
    if (const auto before = past.extract(active_[i]->name)) counted += before.mapped();
    add(active_[i]->name, counted, active_[i]->mode == rules::rule_mode::shadow, false);
  }
  for (const auto& [name, counted] : past) add(name, counted, false, true);
  const auto input = input_.now();
  for (std::size_t i = 0; i < source_names_.size(); ++i) {
    const auto& counted = input.counters[i];
    said.sources.push_back(
        {.name = source_names_[i], .events = counted.events, .late = counted.late, .bad = counted.bad});
  }
  said.set_aside_path = set_aside_.path();
  said.live_subjects = detector_.live_subjects();
  said.log_bytes = detector_.log_bytes();
  said.memory_bytes = resident_bytes();
  said.rows_waiting = input.rows_waiting;
  const bool known = clock_ != stream::start_of_time && clock_ != stream::end_of_time;
  if (known) said.watermark = stream::to_rfc3339(clock_);
  if (const auto holder = input.holding_back) said.holding_back = source_names_[static_cast<std::size_t>(*holder)];
  return said;
}

exit_code monitor::run() {
  recycle_ids();
  sinks_.wait_for_subscribers();
  open_control();
  began_ = clock::now();
  input_.begin();
  const auto worked = work();
  progress_.clear();
  // Who reads our standard output has seen enough: that is no failure, and nobody wants a summary then.
  if (!worked && sinks_.reader_gone()) return exit_code::done;
  if (!worked) spdlog::error("{}", worked.error().message);
  const auto input_error = input_.now().error;
  if (input_error) spdlog::error("{}", input_error->message);
  if (stop_requested()) spdlog::info("stopped; what had been read is done, deadlines still open are left");
  if (options_.before_summary) options_.before_summary(live_seq_);
  fmt::print(stderr, "{}", render(summary()));
  if (options_.stats) fmt::print(stderr, "{}", render_stats(summary()));
  if (at_limit_) return exit_code::limit;
  return worked && !input_error ? exit_code::done : exit_code::io;
}

}  // namespace

exit_code run(const run_options& options) {
  const auto& settings = options.settings;
  auto compiled = compile_and_print({.paths = settings.rules, .params = settings.params}, shown_findings::errors);
  if (!compiled.result) return exit_code::findings;
  set_limits(*compiled.result, settings.limits);
  if (const auto wrong = find_limits_of_no_rule(*compiled.result, settings.limits); !wrong.empty()) {
    throw failure(exit_code::usage, wrong);
  }
  std::vector<std::string> read;
  for (const auto& file : compiled.files) read.push_back(file.path);
  live_rules live({.paths = settings.rules, .params = settings.params}, std::move(read), settings.sources,
                  settings.limits);
  watch_stop_signals();
  return monitor(options, std::move(*compiled.result), std::move(live)).run();
}

exit_code run(const run_options& options, rules::program compiled) {
  watch_stop_signals();
  return monitor(options, std::move(compiled), std::nullopt).run();
}

void add_run(CLI::App& app, exit_code& result) {
  auto* verb = app.add_subcommand("run", "Run rules over sources, from event to alert");
  add_run_options(*verb, [&result](const run_options& options) { result = run(options); });
  verb->footer("weir run rules/packs/cards.weir --input payment=payments.ndjson --alerts alerts.jsonl");
}

}  // namespace weir::app
