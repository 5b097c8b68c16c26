#pragma once

#include <CLI/CLI.hpp>

#include "apps/weir/exit_code.hpp"

namespace weir::app {

/// Adds the verb `demo`: the whole monitor at work on generated events, from generator to subscriber.
void add_demo(CLI::App& app, exit_code& result);

}  // namespace weir::app
