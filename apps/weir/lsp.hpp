#pragma once

#include <CLI/CLI.hpp>

#include "apps/weir/exit_code.hpp"

namespace weir::app {

/// Adds the verb `lsp`: the language server for editors.
void add_lsp(CLI::App& app, exit_code& result);

}  // namespace weir::app
