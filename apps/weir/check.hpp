#pragma once

#include <CLI/CLI.hpp>

#include "apps/weir/exit_code.hpp"

namespace weir::app {

/// Adds the verb `check`: reads rule files and says what is wrong with them.
void add_check(CLI::App& app, exit_code& result);

}  // namespace weir::app
