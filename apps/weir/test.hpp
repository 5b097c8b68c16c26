#pragma once

#include <CLI/CLI.hpp>

#include "apps/weir/exit_code.hpp"

namespace weir::app {

/// Adds the verb `test`: runs the tests that stand in rule files.
void add_test(CLI::App& app, exit_code& result);

}  // namespace weir::app
