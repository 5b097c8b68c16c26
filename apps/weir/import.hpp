#pragma once

#include <CLI/CLI.hpp>

#include "apps/weir/exit_code.hpp"

namespace weir::app {

/// Adds `weir import sigma FILE…`: rules of other languages as rules of Weir. What cannot be said exactly is left out
/// and named on standard error; the exit code then is `findings`.
void add_import(CLI::App& app, exit_code& result);

}  // namespace weir::app
