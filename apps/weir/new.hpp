#pragma once

#include <CLI/CLI.hpp>

#include "apps/weir/exit_code.hpp"

namespace weir::app {

/// Adds the verb `new`: writes a project to begin with.
void add_new(CLI::App& app, exit_code& result);

}  // namespace weir::app
