#include <csignal>
#include <cstdio>
#include <exception>

#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <CLI/CLI.hpp>

#include "apps/weir/backtest.hpp"
#include "apps/weir/check.hpp"
#include "apps/weir/control.hpp"
#include "apps/weir/demo.hpp"
#include "apps/weir/exit_code.hpp"
#include "apps/weir/explain.hpp"
#include "apps/weir/fmt.hpp"
#include "apps/weir/generate.hpp"
#include "apps/weir/graph.hpp"
#include "apps/weir/import.hpp"
#include "apps/weir/lsp.hpp"
#include "apps/weir/new.hpp"
#include "apps/weir/run.hpp"
#include "apps/weir/tail.hpp"
#include "apps/weir/test.hpp"
#include "apps/weir/why_not.hpp"

namespace {

using weir::app::exit_code;

constexpr auto closing_words = R"(Exit codes: 0 done; 1 a rule file has errors or a test failed;
            2 wrong use of the command or wrong configuration; 3 input or output failed;
            4 a run has come to one of its limits.)";

void log_to_stderr() {
  auto logger = spdlog::stderr_color_mt("weir");
  logger->set_pattern("weir: %^%l%$: %v");
  spdlog::set_default_logger(std::move(logger));
}

void add_log_level(CLI::App& app) {
  app.add_option_function<std::string>(
         "--log-level", [](const std::string& level) { spdlog::set_level(spdlog::level::from_str(level)); },
         "What to say on standard error")
      ->check(CLI::IsMember({"debug", "info", "warning", "error", "off"}))
      ->default_str("info");
}

void add_verbs(CLI::App& app, exit_code& result) {
  weir::app::add_new(app, result);
  weir::app::add_check(app, result);
  weir::app::add_test(app, result);
  weir::app::add_fmt(app, result);
  weir::app::add_lsp(app, result);
  weir::app::add_run(app, result);
  weir::app::add_control(app, result);
  weir::app::add_backtest(app, result);
  weir::app::add_explain(app, result);
  weir::app::add_why_not(app, result);
  weir::app::add_tail(app, result);
  weir::app::add_generate(app, result);
  weir::app::add_graph(app, result);
  weir::app::add_import(app, result);
  weir::app::add_demo(app, result);
  for (auto* verb : app.get_subcommands({})) {
    verb->fallthrough();
    verb->footer("Example: " + verb->get_footer() + "\n\n" + closing_words);
  }
}

exit_code fail(exit_code code, const char* message) {
  fmt::print(stderr, "weir: {}\n", message);
  return code;
}

exit_code run_command(int argc, char** argv) {
  CLI::App app{"Weir watches event streams and raises an alert at the event where a pattern completes.", "weir"};
  app.set_version_flag("--version", "weir " WEIR_VERSION);
  app.require_subcommand(1);
  app.footer(closing_words);
  auto result = exit_code::done;
  add_log_level(app);
  add_verbs(app, result);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? exit_code::done : exit_code::usage;
  }
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  // A closed pipe is an error of the write that met it, not a sudden end.
  std::signal(SIGPIPE, SIG_IGN);
  log_to_stderr();
  try {
    return static_cast<int>(run_command(argc, argv));
  } catch (const weir::app::failure& error) {
    return static_cast<int>(fail(error.code(), error.what()));
  } catch (const std::exception& error) {
    return static_cast<int>(fail(exit_code::io, error.what()));
  }
}
