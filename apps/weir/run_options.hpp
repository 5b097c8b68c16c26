#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include <CLI/CLI.hpp>

#include "apps/weir/config.hpp"

namespace weir::app {

/// What a run is told: the configuration with the flags laid over it, and what only flags say.
struct run_options {
  config settings;
  bool drain = true;  // at the end the clock runs past every open deadline
  bool stats = false;
  std::string control{};  // the path of the socket that takes commands; empty: by the process, where the input goes on
  std::function<void(std::uint64_t alerts)> before_summary = {};  // called, with their number, once all have been sent
};

/// Adds the arguments and flags of `run` to the verb; `start` is called with what they come to. Throws `failure` from
/// the callback when they make no sense together.
void add_run_options(CLI::App& verb, std::function<void(const run_options&)> start);

}  // namespace weir::app
