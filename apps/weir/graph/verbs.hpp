#pragma once

#include <CLI/CLI.hpp>

#include "apps/weir/exit_code.hpp"

namespace weir::app {

/// The verbs of `weir graph`, each in a file of its own.
void add_graph_stats(CLI::App& graph, exit_code& result);
void add_graph_components(CLI::App& graph, exit_code& result);
void add_graph_pagerank(CLI::App& graph, exit_code& result);
void add_graph_cycles(CLI::App& graph, exit_code& result);
void add_graph_neighbours(CLI::App& graph, exit_code& result);
void add_graph_features(CLI::App& graph, exit_code& result);
void add_graph_export(CLI::App& graph, exit_code& result);
void add_graph_draw(CLI::App& graph, exit_code& result);

}  // namespace weir::app
