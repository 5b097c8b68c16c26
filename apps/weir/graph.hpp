#pragma once

#include <CLI/CLI.hpp>

#include "apps/weir/exit_code.hpp"

namespace weir::app {

/// Adds `weir graph VERB FILE…`: questions about the graph that edges in files draw, without rules.
void add_graph(CLI::App& app, exit_code& result);

}  // namespace weir::app
