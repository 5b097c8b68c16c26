#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "stream/time.hpp"

namespace weir::app {

/// What every verb of `weir graph` is told of its input; whatever was not is empty.
struct graph_input_options {
  std::vector<std::string> files;
  std::string config_path;
  std::string rules;
  std::map<std::string, std::string> params;
  std::string graph;  // the declaration in the rules
  std::string event;
  std::string from;
  std::string to;
  std::string at;
  std::string weight;
  std::string unit;
  std::string keep;
  std::string as_of;
  std::string lateness;
  int digits = 2;
  std::string set_aside;
};

/// Adds FILE… and the flags that say how it is read.
void add_graph_input(CLI::App& verb, graph_input_options& options);

/// A flag's duration, "30d". Throws `failure` (usage) when it is none.
stream::duration duration_of(const std::string& flag, const std::string& text);

/// A flag's time: RFC 3339, or a whole number of `unit`s since 1970. Throws `failure` (usage) when it is none.
stream::timestamp moment_of(const std::string& flag, const std::string& text, stream::duration unit);

}  // namespace weir::app
