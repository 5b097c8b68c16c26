#include "apps/weir/test.hpp"

#include <memory>

#include <fmt/format.h>

#include "apps/weir/rule_files.hpp"
#include "rules/test_runner.hpp"

namespace weir::app {

namespace {

void print_failure(const rules::test_outcome& outcome, const std::vector<rules::source_file>& files) {
  const rules::diagnostic place{
      .level = rules::diagnostic_level::error,
      .where = outcome.where,
      .message = fmt::format("test \"{}\" of rule {} failed", outcome.test, outcome.rule),
      .hint = {},
  };
  auto text = rules::render(place, files);
  if (!text.ends_with('\n')) text += '\n';
  fmt::print("{}", text);
  for (const auto& reason : outcome.failures) fmt::print("  {}\n", reason);
}

exit_code test(const rule_files& files) {
  const auto compiled = compile_and_print(files, shown_findings::errors);
  if (!compiled.result) {
    fmt::print(stderr, "{}\n", count_findings(compiled.findings));
    return exit_code::findings;
  }
  std::size_t passed = 0;
  std::size_t failed = 0;
  for (const auto& outcome : rules::run_tests(*compiled.result)) {
    ++(outcome.failures.empty() ? passed : failed);
    if (!outcome.failures.empty()) print_failure(outcome, compiled.files);
  }
  fmt::print("{} passed, {} failed\n", passed, failed);
  return failed == 0 ? exit_code::done : exit_code::findings;
}

}  // namespace

void add_test(CLI::App& app, exit_code& result) {
  auto* verb = app.add_subcommand("test", "Run the tests that stand in rule files; the last line counts them");
  auto files = std::make_shared<rule_files>();  // lives as long as the callback that CLI11 keeps
  verb->add_option("FILE", files->paths, "Rule files; read together, as `run` reads them")->required();
  add_param_option(*verb, files->params);
  verb->footer("weir test rules/packs/cards.weir");
  verb->callback([files, &result] { result = test(*files); });
}

}  // namespace weir::app
