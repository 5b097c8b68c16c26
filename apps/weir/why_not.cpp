#include "apps/weir/why_not.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "apps/weir/config.hpp"
#include "apps/weir/input_feed.hpp"
#include "apps/weir/inputs.hpp"
#include "apps/weir/rule_files.hpp"
#include "apps/weir/stop_signal.hpp"
#include "apps/weir/summary.hpp"
#include "apps/weir/why_not/inquiry.hpp"
#include "apps/weir/why_not/subject_stream.hpp"
#include "rules/alert.hpp"
#include "stream/intake.hpp"

namespace weir::app {

namespace {

struct why_not_options {
  std::vector<std::string> rules;
  std::string config_path;
  std::vector<std::string> inputs;
  std::map<std::string, std::string> params;
  std::string rule;
  std::vector<std::string> subject;
  std::string at;
  bool json = false;
};

[[noreturn]] void wrong_use(const std::string& message) { throw failure(exit_code::usage, message); }

/// `named` is the rule that is asked about, if the words name one.
config settings_of(const why_not_options& options, std::string& named) {
  config settings;
  if (!options.config_path.empty()) {
    auto loaded = load_config(options.config_path);
    if (!loaded) wrong_use(loaded.error());
    settings = std::move(*loaded);
  }
  auto paths = options.rules;
  if (options.rule.empty()) named = take_rule_name(paths).value_or("");
  if (!paths.empty()) settings.rules = std::move(paths);
  if (settings.rules.empty()) wrong_use("no rules: name rule files, or rules = […] in the configuration");
  if (!options.inputs.empty()) settings.sources = parse_inputs(options.inputs);
  if (settings.sources.empty()) wrong_use("no input: say --input EVENT=FILE, or [source.NAME] in the configuration");
  for (const auto& [name, value] : options.params) settings.params[name] = value;
  for (auto& source : settings.sources) source.follow = false;
  return settings;
}

const rules::rule& find_rule(const std::string& name, const rules::program& program) {
  if (name.empty() && program.rules.size() == 1) return program.rules.front();
  if (name.empty()) {
    wrong_use(fmt::format("say which of the {} rules is meant, as in --rule {}: there are {}", program.rules.size(),
                          program.rules.front().name, rule_names(program)));
  }
  const auto found = std::ranges::find(program.rules, name, &rules::rule::name);
  if (found == program.rules.end()) wrong_use(unknown_rule(name, program));
  return *found;
}

stream::timestamp parse_moment(const std::string& text) {
  const bool epoch = !text.empty() && text.size() < 16 && text.find_first_not_of("0123456789") == std::string::npos;
  if (epoch) return stream::timestamp{std::chrono::milliseconds{std::stoll(text)}};
  const auto at = stream::parse_rfc3339(text);
  if (!at)
    wrong_use(
        fmt::format("--at: \"{}\" is not a time such as 2024-05-01T08:09:00Z, nor milliseconds since 1970", text));
  return *at;
}

/// "--subject ACCT --subject DEVICE"
std::string options_asked(const rules::rule& about) {
  std::string asked;
  for (const auto& name : about.subject_names) {
    asked += asked.empty() ? "--subject " : " --subject ";
    std::ranges::transform(name, std::back_inserter(asked),
                           [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  }
  return asked;
}

std::string given(std::size_t subjects) {
  return subjects == 0 ? std::string{} : fmt::format(", and not {} of them", subjects);
}

std::vector<stream::symbol> find_subject(const std::vector<std::string>& parts, const rules::rule& about,
                                         stream::symbols& names) {
  const auto& types = about.pattern.subjects;
  if (parts.size() != types.size()) {
    wrong_use(types.empty() ? fmt::format("the rule {} is about the whole stream: leave --subject out", about.name)
                            : fmt::format("the rule {} is about each {}: say {}{}", about.name,
                                          about.subject_names.front(), options_asked(about), given(parts.size())));
  }
  if (std::ranges::find(parts, "") != parts.end()) wrong_use("--subject: the name is empty");
  std::vector<stream::symbol> subject;
  for (std::size_t i = 0; i < parts.size(); ++i) subject.push_back(names.of(types[i]).intern(parts[i]));
  return subject;
}

std::vector<std::string> names_of(const std::vector<source_config>& sources) {
  std::vector<std::string> names;
  for (const auto& source : sources) names.push_back(source.name);
  return names;
}

/// What there was to read up to the moment.
struct events_read {
  std::uint64_t count = 0;
  std::optional<stream::timestamp> earliest;
  std::uint64_t set_aside = 0;
  std::string first_aside;  // why

  void note_aside(const std::vector<stream::set_aside_record>& aside) {
    if (set_aside == 0 && !aside.empty()) first_aside = aside.front().reason;
    set_aside += aside.size();
  }

  void count_up_to(stream::timestamp until, const stream::batch& next) {
    for (const auto row : next.order()) {
      if (!earliest) earliest = next.at(row);
      if (next.at(row) <= until) ++count;
    }
  }
};

/// Where nothing of the subject was there, what was: a name is easily mistyped.
std::string nothing_seen(const events_read& read, const rules::rule& about) {
  if (!read.earliest) return read.set_aside > 0 ? "the input has no event that can be read" : "the input has no events";
  if (read.count == 0) {
    return "the input begins later: its first event is at " + stream::to_rfc3339(*read.earliest);
  }
  const auto* whose = about.pattern.subjects.empty() ? "of a kind that the rule looks at" : "this subject's";
  return fmt::format("{} event{} {} read up to then, none of them {}{}", grouped(read.count),
                     read.count == 1 ? "" : "s", read.count == 1 ? "was" : "were", whose,
                     about.pattern.subjects.empty() ? "" : ": is it named as the events name it?");
}

/// What the answer does not know: how the rule is run, and what was there to read.
std::vector<std::string> notes_on(const rules::rule& about, const events_read& read, bool seen) {
  std::vector<std::string> notes;
  if (about.mode == rules::rule_mode::off)
    notes.emplace_back("the rule is off: this is how it would be if it were not");
  if (about.mode == rules::rule_mode::shadow)
    notes.emplace_back("the rule is in shadow mode: no alert reaches live outputs");
  if (about.stratum > 0) {
    notes.emplace_back(
        "the rule matches events that other rules raise: they are not made here; give their records as input");
  } else if (!seen) {
    notes.push_back(nothing_seen(read, about));
  }
  if (read.set_aside > 0) {
    notes.push_back(fmt::format("{} record{} set aside, the first because: {}", grouped(read.set_aside),
                                read.set_aside == 1 ? " was" : "s were", read.first_aside));
  }
  return notes;
}

/// Reads the sources to their end, or until the clock is past the moment.
stream::batch read_events(const config& settings, const rules::program& program, stream::symbols& names,
                          why_not::subject_stream& kept, stream::timestamp until, events_read& read) {
  stream::intake intake(program.schema, names, resolve(settings.sources, program.schema));
  input_feed feed(settings.sources, intake, {settings.batch_rows, settings.batch_time});
  std::vector<stream::set_aside_record> aside;
  feed.begin();
  bool past = false;
  for (bool running = true; running && !past;) {
    running = feed.wait(aside);
    while (auto arrived = intake.next(settings.batch_rows, aside)) {
      kept.take(*arrived);
      read.count_up_to(until, *arrived);
      past = past || arrived->watermark() > until;
    }
    read.note_aside(aside);
    aside.clear();
  }
  const auto error = feed.error() ? feed.error() : intake.failure();
  if (error) throw failure(exit_code::io, error->message);
  if (stop_requested()) throw failure(exit_code::io, "stopped before the moment was reached");
  return kept.finish();
}

exit_code why_not(const why_not_options& options) {
  watch_stop_signals();
  std::string named = options.rule;
  const auto settings = settings_of(options, named);
  const auto until = parse_moment(options.at);
  const auto compiled = compile_and_print({.paths = settings.rules, .params = settings.params}, shown_findings::errors);
  if (!compiled.result) throw failure(exit_code::findings, "the rules have errors: there is nothing to ask");
  const auto& program = *compiled.result;
  const auto& rule = find_rule(named, program);
  stream::symbols names(program.schema);
  why_not::subject_stream kept(rule.pattern, find_subject(options.subject, rule, names), until, program);
  events_read read;
  auto events = read_events(settings, program, names, kept, until, read);
  const bool seen = events.size() > 0;
  const rules::alert_writer writer(program, names, names_of(settings.sources));
  auto answer = why_not::why_not({.rule = rule,
                                  .program = program,
                                  .files = compiled.files,
                                  .names = names,
                                  .subject = kept.subject(),
                                  .at = until,
                                  .id_of = [&](const auto& event) { return writer.event_id(event); }},
                                 std::move(events));
  std::ranges::move(notes_on(rule, read, seen), std::back_inserter(answer.notes));
  fmt::print("{}", options.json ? as_json(answer) : as_text(answer));
  return exit_code::done;
}

}  // namespace

void add_why_not(CLI::App& app, exit_code& result) {
  auto* verb = app.add_subcommand("why-not", "Say why a rule raised no alert for a subject at a moment");
  auto options = std::make_shared<why_not_options>();  // lives as long as the callback that CLI11 keeps
  verb->add_option("[RULE] FILES", options->rules, "Rule files, compiled as one program; before them the rule's name");
  verb->add_option("--rule", options->rule, "The rule that is asked about; may be left out where there is one only")
      ->type_name("NAME");
  verb->add_option("--subject", options->subject, "For whom; of a rule about several subjects once for each, in order")
      ->type_name("NAME")
      ->allow_extra_args(false);
  verb->add_option("--at", options->at, "When the alert should have come, as in 2024-05-01T08:09:00Z")
      ->type_name("TIME")
      ->required();
  verb->add_option("-c,--config", options->config_path, "weir.toml, for rules, params and sources; flags override it")
      ->type_name("FILE");
  verb->add_option("--input", options->inputs, "A file of events, as for run; may be given again")
      ->type_name("EVENT=FILE")
      ->allow_extra_args(false);
  add_param_option(*verb, options->params);
  verb->add_flag("--json", options->json, "Write the answer as JSON");
  verb->footer(
      "weir why-not velocity cards.weir --subject 4711 --at 2024-05-01T08:09:00Z --input "
      "payment=payments.ndjson");
  verb->callback([options, &result] { result = why_not(*options); });
}

}  // namespace weir::app
