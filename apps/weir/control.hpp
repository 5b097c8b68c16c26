#pragma once

#include <CLI/CLI.hpp>

#include "apps/weir/exit_code.hpp"

namespace weir::app {

/// Adds the verb `control`: asks a running Weir to read its rules again, to say how it is, or to stop.
void add_control(CLI::App& app, exit_code& result);

}  // namespace weir::app
