#include "apps/weir/check.hpp"

#include <memory>

#include <fmt/format.h>

#include "apps/weir/rule_files.hpp"

namespace weir::app {

namespace {

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
  auto files = std::make_shared<rule_files>();  // lives as long as the callback that CLI11 keeps
  verb->add_option("FILE", files->paths, "Rule files; read together, as `run` reads them")->required();
  add_param_option(*verb, files->params);
  verb->footer("weir check rules/packs/cards.weir");
  verb->callback([files, &result] { result = check(*files); });
}

}  // namespace weir::app
