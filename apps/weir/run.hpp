#pragma once

#include <CLI/CLI.hpp>

#include "apps/weir/exit_code.hpp"
#include "apps/weir/run_options.hpp"
#include "rules/program.hpp"

namespace weir::app {

/// Adds the verb `run`: rules over sources, from event to alert.
void add_run(CLI::App& app, exit_code& result);

/// Runs until the input has ended or a stop signal comes; then says on standard error what was done. Throws `failure`
/// when the run cannot start.
exit_code run(const run_options& options);
/// The same for rules that are compiled already; the options' rules and params have no say then.
exit_code run(const run_options& options, rules::program compiled);

}  // namespace weir::app
