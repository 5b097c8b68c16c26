#pragma once

#include <CLI/CLI.hpp>

#include "apps/weir/exit_code.hpp"

namespace weir::app {

/// Adds the verb `explain`: what rules ask of the engine, or why there is an alert.
void add_explain(CLI::App& app, exit_code& result);

}  // namespace weir::app
