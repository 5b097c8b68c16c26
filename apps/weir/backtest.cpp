#include "apps/weir/backtest.hpp"

#include <unistd.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "apps/weir/backtest/report.hpp"
#include "apps/weir/config.hpp"
#include "apps/weir/input_feed.hpp"
#include "apps/weir/inputs.hpp"
#include "apps/weir/progress.hpp"
#include "apps/weir/rule_files.hpp"
#include "apps/weir/stop_signal.hpp"
#include "apps/weir/terminal.hpp"
#include "rules/diagnostic.hpp"
#include "stream/file/line_writer.hpp"

namespace weir::app {

namespace {

struct backtest_options {
  std::vector<std::string> rules;
  std::string config_path;
  std::vector<std::string> inputs;
  std::map<std::string, std::string> params;
  std::vector<std::string> labels;
  std::vector<std::string> against;
  bool json = false;
  std::string html;
};

[[noreturn]] void wrong_use(const std::string& message) { throw failure(exit_code::usage, message); }

config settings_of(const backtest_options& options) {
  config settings;
  if (!options.config_path.empty()) {
    auto loaded = load_config(options.config_path);
    if (!loaded) wrong_use(loaded.error());
    settings = std::move(*loaded);
  }
  if (!options.rules.empty()) settings.rules = options.rules;
  if (settings.rules.empty()) wrong_use("no rules: name rule files, or rules = […] in the configuration");
  if (!options.inputs.empty()) settings.sources = parse_inputs(options.inputs);
  if (settings.sources.empty()) wrong_use("no input: say --input EVENT=FILE, or [source.NAME] in the configuration");
  for (const auto& [name, value] : options.params) settings.params[name] = value;
  for (auto& source : settings.sources) source.follow = false;
  return settings;
}

rules::program compiled_or_fail(const std::vector<std::string>& paths,
                                const std::map<std::string, std::string>& params) {
  auto compiled = compile_and_print({.paths = paths, .params = params}, shown_findings::errors);
  if (!compiled.result) throw failure(exit_code::findings, "the rules have errors: nothing was run");
  return std::move(*compiled.result);
}

/// `EVENT=FILE`, or only FILE.
backtest::label_file label_file_of(const std::string& written) {
  const auto equals = written.find('=');
  const auto event = written.substr(0, equals);
  if (equals == std::string::npos || !is_identifier(event)) return {.event = "", .path = written};
  return {.event = event, .path = written.substr(equals + 1)};
}

/// `EVENT=` may name an event of other rules, whose labels are of no use here; but one that is nearly an event of these
/// is a slip.
void refuse_slips(const std::vector<std::string>& labels, const stream::schema& types) {
  std::vector<std::string> names;
  for (const auto& type : types.events()) names.push_back(type.name);
  for (const auto& written : labels) {
    const auto event = label_file_of(written).event;
    if (event.empty() || std::ranges::find(names, event) != names.end()) continue;
    const auto near = rules::nearest(event, names);
    if (near.empty()) continue;
    throw failure(exit_code::usage, fmt::format("--labels {}: the rules declare no event \"{}\"; did you mean \"{}\"?",
                                                written, event, near));
  }
}

std::optional<backtest::labels> labels_of(const backtest_options& options) {
  if (options.labels.empty()) return std::nullopt;
  std::vector<backtest::label_file> files;
  for (const auto& written : options.labels) files.push_back(label_file_of(written));
  auto read = backtest::labels::read(files);
  if (!read) throw failure(exit_code::io, read.error());
  return std::move(*read);
}

std::vector<std::string> names_of_inputs(const config& settings) {
  std::vector<std::string> names;
  for (const auto& source : settings.sources) names.push_back(source.path);
  return names;
}

/// The sets of rules, one or two, and what joins them with the input.
class backtest_run {
 public:
  explicit backtest_run(const backtest_options& options);

  void run();
  backtest::report report() const;

 private:
  const backtest_options& options_;
  config settings_;
  std::optional<backtest::labels> known_;
  std::vector<rules::program> programs_;  // the rules, and those of --against
  std::vector<std::unique_ptr<backtest::replay>> replays_;
  std::uint64_t uncut_ = 0;  // records too long to be cut out
};

backtest_run::backtest_run(const backtest_options& options)
    : options_(options), settings_(settings_of(options)), known_(labels_of(options)) {
  programs_.push_back(compiled_or_fail(settings_.rules, settings_.params));
  if (!options.against.empty()) programs_.push_back(compiled_or_fail(options.against, settings_.params));
  refuse_slips(options.labels, programs_.front().schema);
  for (const auto& program : programs_) {
    replays_.push_back(std::make_unique<backtest::replay>(
        program, backtest::replay::options{.sources = resolve(settings_.sources, program.schema),
                                           .batch_rows = settings_.batch_rows,
                                           .known = known_ ? &*known_ : nullptr,
                                           .keeps_ids = programs_.size() > 1}));
  }
}

void backtest_run::run() {
  std::vector<stream::intake*> intakes;
  for (const auto& replay : replays_) intakes.push_back(&replay->intake());
  input_feed feed(settings_.sources, intakes, {settings_.batch_rows, settings_.batch_time});
  progress_bar progress(is_terminal(STDERR_FILENO));
  std::vector<stream::set_aside_record> uncut;  // the feed counts them
  feed.begin();
  for (bool running = true; running;) {
    running = feed.wait(uncut);
    uncut.clear();
    for (const auto& replay : replays_) replay->take_all();
    if (!feed.endless()) progress.show(feed.bytes_read(), feed.bytes_total(), replays_.front()->input().events);
  }
  progress.clear();
  for (std::size_t i = 0; i < settings_.sources.size(); ++i) uncut_ += feed.uncut(static_cast<stream::source_id>(i));
  if (feed.error()) throw failure(exit_code::io, feed.error()->message);
  for (const auto* intake : intakes) {
    if (intake->failure()) throw failure(exit_code::io, intake->failure()->message);
  }
  if (stop_requested()) throw failure(exit_code::io, "stopped before the input's end: there is nothing to judge yet");
  for (const auto& replay : replays_) replay->finish();
}

backtest::report backtest_run::report() const {
  const auto* known = known_ ? &*known_ : nullptr;
  backtest::report made;
  made.inputs = names_of_inputs(settings_);
  made.input = replays_.front()->input();
  made.input.bad += uncut_;
  made.examples_aside = replays_.front()->examples_aside();
  made.now = describe(*replays_.front(), settings_.rules, known);
  if (known != nullptr) made.known = describe(*known, options_.labels);
  if (replays_.size() == 1) return made;
  made.before = describe(*replays_.back(), options_.against, known);
  made.differences = compare(*replays_.back(), *replays_.front());
  return made;
}

/// Before the run: who waited for it wants the page.
std::optional<stream::line_writer> open_page(const std::string& path) {
  if (path.empty()) return std::nullopt;
  auto out = stream::line_writer::open(path);
  if (!out) throw failure(exit_code::io, out.error().message);
  return std::move(*out);
}

void write_page(stream::line_writer& out, std::string_view page) {
  auto written = out.write(page);
  if (written) written = out.close();
  if (!written) throw failure(exit_code::io, written.error().message);
}

exit_code backtest(const backtest_options& options) {
  watch_stop_signals();
  backtest_run run(options);
  auto page = open_page(options.html);
  run.run();
  const auto said = run.report();
  if (page) write_page(*page, as_html(said));
  fmt::print("{}", options.json ? as_json(said) : as_text(said));
  return exit_code::done;
}

}  // namespace

void add_backtest(CLI::App& app, exit_code& result) {
  auto* verb = app.add_subcommand("backtest", "Run rules over recorded events, and say how they did");
  auto options = std::make_shared<backtest_options>();  // lives as long as the callback that CLI11 keeps
  verb->add_option("RULES", options->rules, "Rule files, compiled as one program");
  verb->add_option("-c,--config", options->config_path, "weir.toml, for rules, params and sources; flags override it")
      ->type_name("FILE");
  verb->add_option("--input", options->inputs, "A file of events, as for run; may be given again")
      ->type_name("EVENT=FILE")
      ->allow_extra_args(false);
  add_param_option(*verb, options->params);
  verb->add_option("--labels", options->labels,
                   "What is known to be fraud, csv or ndjson: id (of an event) or subject, and perhaps case and kind.\n"
                   "With EVENT= the ids are those of that event. May be given again")
      ->type_name("[EVENT=]FILE")
      ->allow_extra_args(false);
  verb->add_option("--against", options->against, "Older rule files: what is only in them, only in RULES, in both")
      ->type_name("RULES")
      ->allow_extra_args(false);
  verb->add_flag("--json", options->json, "Write the report as JSON");
  verb->add_option("--html", options->html, "Write the report as a page too")->type_name("FILE");
  verb->footer("weir backtest rules/packs/aml.weir --input transfer=transfers.ndjson --labels labels.csv");
  verb->callback([options, &result] { result = backtest(*options); });
}

}  // namespace weir::app
