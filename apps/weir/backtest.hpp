#pragma once

#include <CLI/CLI.hpp>

#include "apps/weir/exit_code.hpp"

namespace weir::app {

/// Adds the verb `backtest`, which says how rules did on bounded input.
void add_backtest(CLI::App& app, exit_code& result);

}  // namespace weir::app
