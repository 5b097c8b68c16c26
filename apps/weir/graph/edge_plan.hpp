#pragma once

#include <optional>
#include <string>
#include <vector>

#include "apps/weir/config.hpp"
#include "apps/weir/graph/edge_list.hpp"
#include "apps/weir/graph/input_options.hpp"
#include "stream/intake.hpp"
#include "stream/schema.hpp"

namespace weir::app {

/// Where edges come from: which event, which of its fields, and how each file spells it.
struct edge_plan {
  struct file {
    std::string path;
    std::optional<edge_columns> list;  // a list of edges, whose shape the file itself tells
  };

  stream::schema types;
  stream::event_type_id event{};
  stream::field_id from{};
  stream::field_id to{};
  std::optional<stream::field_id> weight;
  std::optional<stream::duration> keep;  // the window; none: all is kept
  stream::duration unit = std::chrono::milliseconds{1};
  std::optional<stream::duration> lateness;
  std::vector<file> files;
  std::vector<stream::source_options> sources;  // as files
};

/// What the flags say, with the rule files that they name. Throws `failure`.
edge_plan make_edge_plan(const graph_input_options& options);

}  // namespace weir::app
