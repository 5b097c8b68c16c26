#include "apps/weir/explain.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "apps/weir/explain/alert_explanation.hpp"
#include "apps/weir/explain/rule_plan.hpp"
#include "apps/weir/rule_files.hpp"

namespace weir::app {

namespace {

struct explain_options {
  std::vector<std::string> words;  // rule files; before them an alert's id, when `alerts` is set
  std::map<std::string, std::string> params;
  std::string rule;
  std::string alerts;
  bool json = false;
};

rules::compilation compiled_or_fail(const rule_files& files) {
  auto compiled = compile_and_print(files, shown_findings::errors);
  if (!compiled.result) throw failure(exit_code::findings, "the rules have errors: there is nothing to explain");
  return compiled;
}

/// Hexadecimal digits, and no file: somebody meant an alert.
bool is_alert_id(const std::string& word) {
  return word.find_first_not_of("0123456789abcdef") == std::string::npos && !std::filesystem::exists(word);
}

exit_code explain_plans(const explain_options& options) {
  if (const auto& first = options.words.front(); is_alert_id(first)) {
    throw failure(exit_code::usage,
                  fmt::format("{} seems to be an alert's id: say --alerts FILE, where it stands", first));
  }
  const auto compiled = compiled_or_fail({.paths = options.words, .params = options.params});
  std::vector<const rules::rule*> chosen;
  for (const auto& r : compiled.result->rules) {
    if (options.rule.empty() || r.name == options.rule) chosen.push_back(&r);
  }
  if (chosen.empty() && !options.rule.empty()) {
    throw failure(exit_code::usage, unknown_rule(options.rule, *compiled.result));
  }
  const auto plan = explain::plan_of(chosen, *compiled.result, compiled.files);
  fmt::print("{}", options.json ? as_json(plan) : as_text(plan));
  return exit_code::done;
}

/// The id in lower case, as alerts have it.
std::string id_in(const explain_options& options) {
  auto id = options.words.front();
  if (options.words.size() < 2 || id.empty() || std::filesystem::exists(id)) {
    throw failure(exit_code::usage,
                  "say the alert's id first, then the rule files: weir explain ID --alerts FILE RULES…");
  }
  std::ranges::transform(id, id.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return id;
}

exit_code explain_alert(const explain_options& options) {
  const auto alert = explain::find_alert(options.alerts, id_in(options));
  if (!alert) throw failure(exit_code::io, alert.error());
  const std::vector<std::string> paths(options.words.begin() + 1, options.words.end());
  const auto compiled = compiled_or_fail({.paths = paths, .params = options.params});
  const auto explained = explain::explain(*alert, *compiled.result, compiled.files);
  if (!explained) throw failure(exit_code::usage, explained.error());
  fmt::print("{}", options.json ? as_json(*explained) : as_text(*explained));
  return exit_code::done;
}

}  // namespace

void add_explain(CLI::App& app, exit_code& result) {
  auto* verb = app.add_subcommand("explain", "Say what rules ask of the engine, or why there is an alert");
  auto options = std::make_shared<explain_options>();  // lives as long as the callback that CLI11 keeps
  verb->add_option("[ID] RULES", options->words,
                   "Rule files, compiled as one program; with --alerts before them the alert's id, or how it begins")
      ->required();
  auto* rule = verb->add_option("--rule", options->rule, "Only this rule")->type_name("NAME");
  verb->add_option("--alerts", options->alerts, "Why there is the alert ID of this file, as `run` writes it")
      ->type_name("FILE")
      ->excludes(rule);
  add_param_option(*verb, options->params);
  verb->add_flag("--json", options->json, "Write it as JSON");
  verb->footer(
      "weir explain rules/packs/cards.weir --rule velocity\n"
      "         weir explain 8f3a1c --alerts alerts.jsonl rules/packs/cards.weir");
  verb->callback(
      [options, &result] { result = options->alerts.empty() ? explain_plans(*options) : explain_alert(*options); });
}

}  // namespace weir::app
