#include "apps/weir/explain.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "apps/weir/config.hpp"
#include "apps/weir/explain/alert_explanation.hpp"
#include "apps/weir/explain/rule_plan.hpp"
#include "apps/weir/rule_files.hpp"

namespace weir::app {

namespace {

struct explain_options {
  std::vector<std::string> words;  // rule files; before them a rule's name, or when `alerts` is set an alert's id
  std::string config_path;
  std::map<std::string, std::string> params;
  std::string rule;
  std::string alerts;
  bool json = false;
};

/// The rule files and params as said, else as the configuration has them.
rules::compilation compiled_or_fail(std::vector<std::string> paths, const explain_options& options) {
  rule_files files{.paths = std::move(paths), .params = options.params};
  if (!options.config_path.empty()) {
    auto loaded = load_config(options.config_path);
    if (!loaded) throw failure(exit_code::usage, loaded.error());
    if (files.paths.empty()) files.paths = std::move(loaded->rules);
    files.params.merge(loaded->params);
  }
  if (files.paths.empty()) {
    throw failure(exit_code::usage, "no rules: name rule files, or say -c with a configuration that does");
  }
  auto compiled = compile_and_print(files, shown_findings::errors);
  if (!compiled.result) throw failure(exit_code::findings, "the rules have errors: there is nothing to explain");
  return compiled;
}

/// Hexadecimal digits: where no rule is called so, somebody meant an alert.
bool is_alert_id(const std::string& word) {
  return !word.empty() && word.find_first_not_of("0123456789abcdef") == std::string::npos;
}

exit_code explain_plans(const explain_options& options) {
  auto paths = options.words;
  const auto named = options.rule.empty() ? take_rule_name(paths).value_or("") : options.rule;
  const auto compiled = compiled_or_fail(std::move(paths), options);
  std::vector<const rules::rule*> chosen;
  for (const auto& r : compiled.result->rules) {
    if (named.empty() || r.name == named) chosen.push_back(&r);
  }
  if (chosen.empty() && !named.empty()) {
    throw failure(exit_code::usage,
                  is_alert_id(named)
                      ? fmt::format("{} seems to be an alert's id: say --alerts FILE, where it stands", named)
                      : unknown_rule(named, *compiled.result));
  }
  const auto plan = explain::plan_of(chosen, *compiled.result, compiled.files);
  fmt::print("{}", options.json ? as_json(plan) : as_text(plan));
  return exit_code::done;
}

/// The id in lower case, as alerts have it.
std::string id_in(const explain_options& options) {
  const bool has_rules = options.words.size() > 1 || !options.config_path.empty();
  auto id = options.words.empty() ? std::string{} : options.words.front();
  if (!has_rules || id.empty() || std::filesystem::exists(id)) {
    throw failure(exit_code::usage,
                  "say the alert's id first, then the rule files: weir explain ID --alerts FILE RULES…");
  }
  std::ranges::transform(id, id.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return id;
}

exit_code explain_alert(const explain_options& options) {
  const auto alert = explain::find_alert(options.alerts, id_in(options));
  if (!alert) throw failure(exit_code::io, alert.error());
  const auto compiled = compiled_or_fail({options.words.begin() + 1, options.words.end()}, options);
  const auto explained = explain::explain(*alert, *compiled.result, compiled.files);
  if (!explained) throw failure(exit_code::usage, explained.error());
  fmt::print("{}", options.json ? as_json(*explained) : as_text(*explained));
  return exit_code::done;
}

}  // namespace

void add_explain(CLI::App& app, exit_code& result) {
  auto* verb = app.add_subcommand("explain", "Say what rules ask of the engine, or why there is an alert");
  auto options = std::make_shared<explain_options>();  // lives as long as the callback that CLI11 keeps
  verb->add_option("[RULE|ID] FILES", options->words,
                   "Rule files, compiled as one program; before them a rule's name, or with --alerts the alert's id or "
                   "how it begins");
  auto* rule = verb->add_option("--rule", options->rule, "Only this rule")->type_name("NAME");
  verb->add_option("--alerts", options->alerts, "Why there is the alert ID of this file, as `run` writes it")
      ->type_name("FILE")
      ->excludes(rule);
  verb->add_option("-c,--config", options->config_path, "weir.toml, for rules and params; what is said here goes first")
      ->type_name("FILE");
  add_param_option(*verb, options->params);
  verb->add_flag("--json", options->json, "Write it as JSON");
  verb->footer(
      "weir explain velocity rules/packs/cards.weir\n"
      "         weir explain 8f3a1c --alerts alerts.jsonl rules/packs/cards.weir");
  verb->callback(
      [options, &result] { result = options->alerts.empty() ? explain_plans(*options) : explain_alert(*options); });
}

}  // namespace weir::app
