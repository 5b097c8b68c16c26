#include "apps/weir/check.hpp"

#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "apps/weir/finding_json.hpp"
#include "apps/weir/rule_files.hpp"

namespace weir::app {

namespace {

struct check_options {
  rule_files files;
  bool json = false;
};

/// The findings as one JSON array on standard output, one a line.
exit_code check_for_programs(const rule_files& files) {
  const auto compiled = compile_quietly(files);
  std::vector<rules::line_table> lines;
  for (const auto& file : compiled.files) lines.emplace_back(file.text);
  std::string text;
  for (const auto& finding : compiled.findings) {
    const auto file = finding.where.file;
    text += text.empty() ? "\n" : ",\n";
    text += finding_json(finding, compiled.files.at(file).path, lines.at(file))
                .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
  fmt::print("[{}{}]\n", text, text.empty() ? "" : "\n");
  return compiled.result ? exit_code::done : exit_code::findings;
}

exit_code check(const rule_files& files) {
  const auto compiled = compile_and_print(files, shown_findings::all);
  if (!compiled.result) {
    fmt::print(stderr, "{}\n", count_findings(compiled.findings));
    return exit_code::findings;
  }
  const auto rules = compiled.result->rules.size();
  fmt::print("ok: {} rule{}, {}\n", rules, rules == 1 ? "" : "s", count_findings(compiled.findings));
  return exit_code::done;
}

}  // namespace

void add_check(CLI::App& app, exit_code& result) {
  auto* verb = app.add_subcommand("check", "Read rule files and say what is wrong with them");
  auto options = std::make_shared<check_options>();  // lives as long as the callback that CLI11 keeps
  verb->add_option("FILE", options->files.paths, "Rule files; read together, as `run` reads them")->required();
  verb->add_flag("--json", options->json, "Write the findings for programs: a JSON array on standard output");
  add_param_option(*verb, options->files.params);
  verb->footer("weir check rules/packs/cards.weir");
  verb->callback(
      [options, &result] { result = options->json ? check_for_programs(options->files) : check(options->files); });
}

}  // namespace weir::app
