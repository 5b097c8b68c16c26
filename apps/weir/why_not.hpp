#pragma once

#include <CLI/CLI.hpp>

#include "apps/weir/exit_code.hpp"

namespace weir::app {

/// Adds the verb `why-not`: why a rule raised no alert for a subject at a moment.
void add_why_not(CLI::App& app, exit_code& result);

}  // namespace weir::app
