#pragma once

#include <CLI/CLI.hpp>

#include "apps/weir/exit_code.hpp"

namespace weir::app {

/// Adds the verb `fmt`: lays rule files out in one way, or standard input to standard output.
void add_fmt(CLI::App& app, exit_code& result);

}  // namespace weir::app
