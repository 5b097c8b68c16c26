#pragma once

#include <CLI/CLI.hpp>

#include "apps/weir/exit_code.hpp"

namespace weir::app {

/// Adds the verb `tail`: shows the alerts that a running Weir publishes.
void add_tail(CLI::App& app, exit_code& result);

}  // namespace weir::app
