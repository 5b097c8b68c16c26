#pragma once

#include <CLI/CLI.hpp>

#include "apps/weir/exit_code.hpp"

namespace weir::app {

/// Adds the verb `generate`: writes a stream of events to test, measure and show Weir with.
void add_generate(CLI::App& app, exit_code& result);

}  // namespace weir::app
